package com.example.shop.catalog;

import org.springframework.stereotype.Component;

/** Folds the names of products again that were stored when it mattered how their accents are encoded. */
@Component
class R__Normalize_names extends R__Fold_names {}
