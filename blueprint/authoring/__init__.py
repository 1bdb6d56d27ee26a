"""Tools for template authors: a starter pattern, checks, golden trees and packages."""
