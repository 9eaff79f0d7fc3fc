package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

type versionInfo struct {
	Schema  int    `json:"schema"`
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Geth    string `json:"geth"`
}

func newVersionCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version, the commit and what is linked",
		Example: "  keymaker version\n  keymaker version --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v := readVersion()
			if a.json {
				return json.NewEncoder(a.streams.Out).Encode(v)
			}
			fmt.Fprintf(a.streams.Out, "keymaker %s (%s, %s, go-ethereum %s)\n", v.Version, v.Go, v.OS, v.Geth)
			return nil
		},
	}
}

func buildVersion() string { return readVersion().Version }

func readVersion() versionInfo {
	v := versionInfo{Schema: 1, Version: version, Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if v.Version == "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v.Commit = s.Value
		}
	}
	for _, m := range info.Deps {
		if m.Path == "github.com/ethereum/go-ethereum" {
			v.Geth = m.Version
		}
	}
	return v
}
