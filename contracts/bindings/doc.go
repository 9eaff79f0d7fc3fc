// Package bindings has a Go type for each of the rewards' contracts: it packs calls, and unpacks what comes back, events and errors.
// It is generated; docs/contracts.md says what the contracts do.
package bindings

//go:generate go run ./generate
