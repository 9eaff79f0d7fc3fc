// Package keymaker is the module of an autonomous DeFi agent that runs on the user's own machine.
//
// The user says what they want; a planner fenced in by deterministic Go turns it into a typed plan; a router finds the way; the
// exact transactions run on a fork first; the user sees what will change; a local wallet signs what was approved. Each room
// of that way is a package of its own, and imports point one way only: see docs/architecture.md and arrows_test.go.
package keymaker
