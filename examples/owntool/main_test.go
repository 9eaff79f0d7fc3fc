package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/tools"
)

func TestTheAgentAnswersWithTheTool(t *testing.T) {
	d := devnettest.Start(t)
	var out bytes.Buffer
	if err := ask(t.Context(), &out, d, t.TempDir(), "what's the best yield for USDC?"); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + out.String())
	for _, want := range []string{
		"Providers earn from each trade of USDC on Devnet",
		"WETH   0.0500 % at uniswap-v3 0x",
		"DAI    0.0100 % at uniswap-v3 0x",
		"USDT   0.0100 % at uniswap-v3 0x",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the answer lacks %q", want)
		}
	}
	if strings.Contains(out.String(), "MOON") {
		t.Error("no pool has both USDC and MOON")
	}
}

func TestTheNativeCoinCountsAsItsWrappedToken(t *testing.T) {
	d := devnettest.Start(t)
	var out bytes.Buffer
	if err := ask(t.Context(), &out, d, t.TempDir(), "what's the best yield for ETH?"); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "USDC   0.0500 % at uniswap-v3 0x") || strings.Contains(out.String(), "WETH") {
		t.Errorf("the answer is\n%s", out.String())
	}
}

func TestASentenceForWhichThereIsNoToolIsRefusedByName(t *testing.T) {
	d := devnettest.Start(t)
	var out bytes.Buffer
	if err := ask(t.Context(), &out, d, t.TempDir(), "did my last transaction go through?"); !refusal.Is(err, refusal.NotYet) {
		t.Errorf("it ends with %v\n%s", err, out.String())
	}
}

func TestAToolCanNotTakeTheActionOfABuiltInOne(t *testing.T) {
	thief := tools.NewProposer(tools.Spec{Name: "example.thief", Actions: []intents.Action{intents.Swap}}, nil)
	_, err := keymaker.Open(keymaker.Options{Home: t.TempDir(), Tools: []tools.Tool{thief}})
	if !refusal.Is(err, refusal.ToolRefused) {
		t.Errorf("it ends with %v", err)
	}
}

func TestTheToolIsDefinedInUnderThirtyLines(t *testing.T) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "main.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || v.Names[0].Name != "poolFees" {
			return true
		}
		if lines := files.Position(v.End()).Line - files.Position(v.Pos()).Line + 1; lines >= 30 {
			t.Errorf("it has %d lines", lines)
		}
		return false
	})
}
