package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/refusal"
)

func newModelCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "model", Short: "The planner that Keymaker carries"}
	cmd.AddCommand(&cobra.Command{
		Use:   "export DIR",
		Short: "Write the planner's weights and a Modelfile, for an Ollama of yours",
		Long: "Export writes planner.gguf and a Modelfile into a folder, and prints the command that gives them to Ollama. Keymaker needs\n" +
			"neither: it runs the same weights itself. A model of that name, or of those weights under any name, is asked in the\n" +
			"planner's own way.",
		Example: "  keymaker model export ./planner\n  ollama create keymaker-planner -f ./planner/Modelfile\n  keymaker plan \"swap 10 USDC to ETH\" --planner ollama --model keymaker-planner",
		Args:    cobra.ExactArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return exportModel(a, args[0]) },
	})
	return cmd
}

// modelfile sets one thread: the planner is so small that several would mostly wait for each other.
const modelfile = `FROM ./planner.gguf
TEMPLATE "{{ .Prompt }}"
PARAMETER num_thread 1
`

type exportView struct {
	Schema    int    `json:"schema"`
	Weights   string `json:"weights"`
	Modelfile string `json:"modelfile"`
	Bytes     int    `json:"bytes"`
	SHA256    string `json:"sha256"`
	Command   string `json:"command"`
}

func exportModel(a *app, dir string) error {
	v := exportView{
		Schema: 1, Weights: filepath.Join(dir, "planner.gguf"), Modelfile: filepath.Join(dir, "Modelfile"),
		Bytes: len(own.Weights), SHA256: own.Digest(),
	}
	v.Command = "ollama create " + own.ServedName + " -f " + shellWord(v.Modelfile)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return refusal.New(refusal.Usage, "can't make the folder %s", dir).Because(err)
	}
	for path, data := range map[string][]byte{v.Weights: own.Weights, v.Modelfile: []byte(modelfile)} {
		if err := writeNew(path, data); err != nil {
			return err
		}
	}
	if a.json {
		return json.NewEncoder(a.streams.Out).Encode(v)
	}
	_, err := fmt.Fprintf(a.streams.Out, "%s  %d bytes, sha256 %s\n%s\n\nGive it to Ollama with:\n  %s\n", v.Weights, v.Bytes, v.SHA256, v.Modelfile, v.Command)
	return err
}

// writeNew writes a file, and lets one that says the same stand. It overwrites nothing else.
func writeNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, data) {
			return nil
		}
		return refusal.New(refusal.Usage, "%s is there already and says something else", path).WithHint("name an empty folder")
	}
	if err != nil {
		return refusal.New(refusal.Usage, "can't write %s", path).Because(err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return refusal.New(refusal.Usage, "can't write %s", path).Because(errors.Join(err, os.Remove(path)))
	}
	return nil
}

// shellWord is a path as a shell takes it.
func shellWord(path string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-"
	if strings.Trim(path, plain) == "" {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
