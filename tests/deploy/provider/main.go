// A provider for OpenTofu that has the schemas of another one and no cloud: it plans, and cannot apply.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What `tofu providers schema -json` prints for one provider.
type schemas struct {
	Provider   entry            `json:"provider"`
	Resources  map[string]entry `json:"resource_schemas"`
	Ephemerals map[string]entry `json:"ephemeral_resource_schemas"`
}

type entry struct {
	Version int64 `json:"version"`
	Block   block `json:"block"`
}

type block struct {
	Attributes map[string]attribute `json:"attributes"`
	Blocks     map[string]nested    `json:"block_types"`
}

type attribute struct {
	Type      json.RawMessage `json:"type"`
	Required  bool            `json:"required"`
	Optional  bool            `json:"optional"`
	Computed  bool            `json:"computed"`
	Sensitive bool            `json:"sensitive"`
	WriteOnly bool            `json:"write_only"`
}

type nested struct {
	Mode  string `json:"nesting_mode"`
	Block block  `json:"block"`
	Least int64  `json:"min_items"`
	Most  int64  `json:"max_items"`
}

var modes = map[string]tfprotov5.SchemaNestedBlockNestingMode{
	"single": tfprotov5.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov5.SchemaNestedBlockNestingModeList,
	"set":    tfprotov5.SchemaNestedBlockNestingModeSet,
	"map":    tfprotov5.SchemaNestedBlockNestingModeMap,
	"group":  tfprotov5.SchemaNestedBlockNestingModeGroup,
}

func (e entry) schema() *tfprotov5.Schema {
	return &tfprotov5.Schema{Version: e.Version, Block: e.Block.schema()}
}

func (b block) schema() *tfprotov5.SchemaBlock {
	schema := &tfprotov5.SchemaBlock{}
	for name, each := range b.Attributes {
		kind, err := tftypes.ParseJSONType(each.Type)
		if err != nil {
			log.Fatal(err)
		}
		schema.Attributes = append(schema.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: kind, Required: each.Required, Optional: each.Optional,
			Computed: each.Computed, Sensitive: each.Sensitive, WriteOnly: each.WriteOnly,
		})
	}
	for name, each := range b.Blocks {
		schema.BlockTypes = append(schema.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: name, Nesting: modes[each.Mode], Block: each.Block.schema(),
			MinItems: each.Least, MaxItems: each.Most,
		})
	}
	return schema
}

func all(entries map[string]entry) map[string]*tfprotov5.Schema {
	found := map[string]*tfprotov5.Schema{}
	for name, each := range entries {
		found[name] = each.schema()
	}
	return found
}

// Methods that no plan needs are not there.
type provider struct {
	tfprotov5.ProviderServer
	schemas schemas
}

func (p provider) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	return &tfprotov5.GetProviderSchemaResponse{
		Provider:                 p.schemas.Provider.schema(),
		ResourceSchemas:          all(p.schemas.Resources),
		EphemeralResourceSchemas: all(p.schemas.Ephemerals),
	}, nil
}

func (p provider) PrepareProviderConfig(_ context.Context, r *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: r.Config}, nil
}

func (p provider) ConfigureProvider(context.Context, *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	return &tfprotov5.ConfigureProviderResponse{}, nil
}

func (p provider) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

func (p provider) ValidateResourceTypeConfig(context.Context, *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	return &tfprotov5.ValidateResourceTypeConfigResponse{}, nil
}

func (p provider) ValidateEphemeralResourceConfig(context.Context, *tfprotov5.ValidateEphemeralResourceConfigRequest) (*tfprotov5.ValidateEphemeralResourceConfigResponse, error) {
	return &tfprotov5.ValidateEphemeralResourceConfigResponse{}, nil
}

func (p provider) PlanResourceChange(_ context.Context, r *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	schema := p.schemas.Resources[r.TypeName]
	planned, err := completed(schema, r.ProposedNewState, func(each attribute, kind tftypes.Type, value tftypes.Value) tftypes.Value {
		switch {
		case each.WriteOnly:
			return tftypes.NewValue(kind, nil)
		case each.Computed && value.IsNull():
			return tftypes.NewValue(kind, tftypes.UnknownValue)
		default:
			return value
		}
	})
	return &tfprotov5.PlanResourceChangeResponse{PlannedState: planned}, err
}

func (p provider) OpenEphemeralResource(_ context.Context, r *tfprotov5.OpenEphemeralResourceRequest) (*tfprotov5.OpenEphemeralResourceResponse, error) {
	schema := p.schemas.Ephemerals[r.TypeName]
	result, err := completed(schema, r.Config, func(each attribute, kind tftypes.Type, value tftypes.Value) tftypes.Value {
		if each.Computed && value.IsNull() && kind.Is(tftypes.String) {
			return tftypes.NewValue(kind, "from-the-store")
		}
		return value
	})
	return &tfprotov5.OpenEphemeralResourceResponse{Result: result}, err
}

func (p provider) CloseEphemeralResource(context.Context, *tfprotov5.CloseEphemeralResourceRequest) (*tfprotov5.CloseEphemeralResourceResponse, error) {
	return &tfprotov5.CloseEphemeralResourceResponse{}, nil
}

// The value with what `complete` makes of each of its attributes.
func completed(e entry, encoded *tfprotov5.DynamicValue, complete func(attribute, tftypes.Type, tftypes.Value) tftypes.Value) (*tfprotov5.DynamicValue, error) {
	kind := e.schema().ValueType()
	value, err := encoded.Unmarshal(kind)
	if err != nil || value.IsNull() {
		return encoded, err
	}
	var values map[string]tftypes.Value
	if err := value.As(&values); err != nil {
		return nil, err
	}
	for name, each := range e.Block.Attributes {
		values[name] = complete(each, values[name].Type(), values[name])
	}
	result, err := tfprotov5.NewDynamicValue(kind, tftypes.NewValue(kind, values))
	return &result, err
}

func main() {
	text, err := os.ReadFile(os.Getenv("PROVIDER_SCHEMAS"))
	if err != nil {
		log.Fatal(err)
	}
	var found schemas
	if err := json.Unmarshal(text, &found); err != nil {
		log.Fatal(err)
	}
	serve := func() tfprotov5.ProviderServer { return provider{schemas: found} }
	if err := tf5server.Serve("registry.opentofu.org/hashicorp/aws", serve); err != nil {
		log.Fatal(err)
	}
}
