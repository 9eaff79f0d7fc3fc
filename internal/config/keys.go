package config

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// EnvPrefix is what every variable of the environment starts with.
const EnvPrefix = "KEYMAKER_"

// Key is one thing that can be set. A NAME in its path stands for any name.
type Key struct {
	Path    string // limits.slippage_bps, networks.NAME.rpc, tokens.symbol
	Type    string
	Default string
	Env     string // empty where the environment can't set it
	Doc     string
	project bool
	kind    reflect.Type
}

// Keys lists everything that can be set, in the order of the structs.
func Keys() []Key {
	d := Default()
	return keysOf(reflect.ValueOf(d), nil)
}

var (
	addressType  = reflect.TypeFor[common.Address]()
	durationType = reflect.TypeFor[time.Duration]()
)

func keysOf(v reflect.Value, at []string) []Key {
	var keys []Key
	for i := range v.NumField() {
		field := v.Type().Field(i)
		keys = append(keys, keysAt(v.Field(i), append(at[:len(at):len(at)], field.Tag.Get("koanf")), field)...)
	}
	return keys
}

func keysAt(v reflect.Value, at []string, field reflect.StructField) []Key {
	switch t := v.Type(); {
	case t.Kind() == reflect.Struct:
		return keysOf(v, at)
	case t.Kind() == reflect.Map && t.Elem().Kind() == reflect.Struct:
		return keysOf(reflect.Zero(t.Elem()), append(at, "NAME"))
	case t.Kind() == reflect.Map:
		at = append(at, "NAME")
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		return keysOf(reflect.Zero(t.Elem()), at)
	}
	k := Key{
		Path:    strings.Join(at, "."),
		Type:    typeName(v.Type()),
		Default: shown(v),
		Doc:     field.Tag.Get("doc"),
		project: field.Tag.Get("project") == "yes",
		kind:    v.Type(),
	}
	if settable(v.Type()) && !strings.Contains(k.Path, "NAME") && !strings.HasPrefix(k.Path, "tokens.") {
		k.Env = EnvPrefix + strings.ToUpper(strings.ReplaceAll(k.Path, ".", "_"))
	}
	return []Key{k}
}

// settable says that a value can be written as one word in the environment.
func settable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Uint8, reflect.Uint64:
		return true
	}
	return false
}

func typeName(t reflect.Type) string {
	switch {
	case t == addressType:
		return "address"
	case t == durationType:
		return "duration"
	}
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "list of texts"
	case reflect.Map:
		return typeName(t.Elem())
	}
	return "whole number"
}

func shown(v reflect.Value) string {
	switch {
	case v.Type() == addressType, v.Kind() == reflect.Map, v.Kind() == reflect.Slice, v.Kind() == reflect.Pointer:
		return ""
	case v.Kind() == reflect.Bool && !v.Bool():
		return "false"
	case v.IsZero():
		return ""
	}
	return fmt.Sprint(v.Interface())
}

// Table is the Markdown table of docs/configuration.md.
func Table() string {
	var b strings.Builder
	b.WriteString("| key | type | default | environment | what it is |\n| --- | --- | --- | --- | --- |\n")
	for _, k := range Keys() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", k.Path, k.Type, code(k.Default), code(k.Env), k.Doc)
	}
	return b.String()
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

// matches says that a path is one of the key's: names stand where the key has NAME.
func (k Key) matches(path []string) bool {
	return strings.Count(k.Path, ".")+1 == len(path) && k.below(path)
}

// below says that the key is, or lies in, what a path names.
func (k Key) below(path []string) bool {
	parts := strings.Split(k.Path, ".")
	if len(parts) < len(path) {
		return false
	}
	for i, p := range path {
		if parts[i] != "NAME" && parts[i] != p {
			return false
		}
	}
	return true
}

// nearest is the key that was most likely meant by an unknown one, or empty where none is near.
func nearest(path []string) string {
	word := strings.Join(path, ".")
	best, least := "", max(3, len(word)/3)+1
	for _, k := range Keys() {
		parts := strings.Split(k.Path, ".")
		for i, p := range parts {
			if p == "NAME" && i < len(path)-1 && k.below(path[:i]) {
				parts[i] = path[i]
			}
		}
		candidate := strings.Join(parts, ".")
		d := distance(word, candidate)
		if parts[len(parts)-1] == path[len(path)-1] {
			d = min(d, 2) // the right key in the wrong section
		}
		if d < least {
			best, least = candidate, d
		}
	}
	return best
}

// distance is the number of letters to change, add or drop (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
