package refusal_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/keymaker-agent/keymaker/refusal"
)

var plain = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

func TestEveryReasonHasAClassAHintAndANameOfItsOwn(t *testing.T) {
	declared := declaredReasons(t)
	if len(declared) == 0 {
		t.Fatal("no reason is declared")
	}
	known := refusal.Reasons()
	for i, r := range declared {
		if !slices.Contains(known, r) {
			t.Errorf("%s is declared and not in the table", r)
			continue
		}
		if refusal.New(r, "x").Hint == "" {
			t.Errorf("%s has no hint", r)
		}
		if !plain.MatchString(string(r)) {
			t.Errorf("%s is no plain name", r)
		}
		if slices.Contains(declared[:i], r) {
			t.Errorf("%s is declared twice", r)
		}
	}
	if len(known) != len(declared) {
		t.Errorf("%d reasons in the table, %d declared", len(known), len(declared))
	}
}

// declaredReasons reads the constants from the source, because the language has no way to list them.
func declaredReasons(t *testing.T) []refusal.Reason {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "reasons.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []refusal.Reason
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Type == nil {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Reason" {
			return true
		}
		name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, refusal.Reason(name))
		return false
	})
	return all
}

func TestARefusalIsFoundInsideOtherErrors(t *testing.T) {
	r := refusal.New(refusal.RPCDown, "%s does not answer", "base").Because(io.ErrUnexpectedEOF)
	wrapped := fmt.Errorf("quote: %w", r)
	if got, ok := refusal.As(wrapped); !ok || got != r {
		t.Errorf("As finds %v", got)
	}
	if !refusal.Is(wrapped, refusal.RPCDown) || refusal.Is(wrapped, refusal.WrongChain) || refusal.Is(io.EOF, refusal.RPCDown) {
		t.Error("Is tells the reasons wrongly")
	}
	if !errors.Is(wrapped, io.ErrUnexpectedEOF) {
		t.Error("the cause is lost")
	}
	if want := "quote: rpc_down: base does not answer: unexpected EOF"; wrapped.Error() != want {
		t.Errorf("text is %q, want %q", wrapped, want)
	}
}

func TestAHintForTheCaseReplacesTheReasonsOwn(t *testing.T) {
	if got := refusal.New(refusal.Locked, "x").WithHint("ask %s", "alice").Hint; got != "ask alice" {
		t.Errorf("hint is %q", got)
	}
}

func TestAReasonThatIsNotInTheTableIsABug(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("New takes a reason that does not exist")
		}
	}()
	_ = refusal.New("made_up", "x")
}
