package show_test

import (
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/exp/golden"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/internal/cli/clitest"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
	"github.com/keymaker-agent/keymaker/tools"
	"github.com/keymaker-agent/keymaker/wallet"
)

func text(blocks []show.Block, width int) string {
	var b strings.Builder
	for _, block := range blocks {
		for _, l := range block.Text(width, show.KeepWords) {
			b.WriteString(l + "\n")
		}
	}
	return b.String()
}

func TestASwapIsToldFromPlanToReceipt(t *testing.T) {
	var all []show.Block
	for _, e := range append(clitest.Before(), clitest.After()...) {
		all = append(all, show.Event(e, clitest.Names())...)
	}
	golden.RequireEqual(t, text(all, 80))
}

func TestRequestsShowWhatIsSigned(t *testing.T) {
	for name, p := range map[string]*wallet.Prepared{"swap": clitest.Swap(), "transfer": clitest.Transfer(), "forbidden": clitest.Forbidden()} {
		t.Run(name, func(t *testing.T) {
			golden.RequireEqual(t, text(append(show.Request(p, clitest.Names()), show.Raw(p)), 80))
		})
	}
}

func TestPowerOverContractsIsShown(t *testing.T) {
	spender, vault := common.HexToAddress("0x00000000000000000000000000000000000000aa"), common.HexToAddress("0x00000000000000000000000000000000000000bb")
	p := clitest.Swap()
	e := p.Effects
	five := clitest.Amount("5", clitest.USDC).Raw
	e.Allowances = []fork.AllowanceChange{{
		Owner: clitest.Account, Spender: spender, Asset: clitest.USDC.Address, Via: vault, Before: five, After: five,
		ExpiresBefore: 1_767_225_600, ExpiresAfter: 1_798_804_800,
	}}
	e.Controls = []fork.ControlChange{
		{Contract: vault, Kind: fork.PendingOwner, After: spender},
		{Contract: vault, Kind: fork.Beacon, Before: spender, After: clitest.Friend},
	}
	e.Roles = []fork.RoleChange{
		{Contract: vault, Account: spender, After: true},
		{Contract: vault, Account: spender, Role: crypto.Keccak256Hash([]byte("MINTER_ROLE")), Before: true},
		{Contract: vault, Account: spender, Role: common.Hash{7}, After: true},
	}
	e.Created, e.Destroyed = []common.Address{spender}, []common.Address{vault}
	e.Findings = []fork.Finding{
		{Name: fork.LooksForSimulator, Detail: "under another miner and randomness, transaction 1 fails\x1b[2J"},
		{Name: fork.ChangesWithTime, Detail: "30 seconds later, transaction 1 fails"},
	}
	golden.RequireEqual(t, text([]show.Block{show.Effects(p, clitest.Names())}, 100))
}

func TestEveryEffectIsShown(t *testing.T) {
	other := common.HexToAddress("0x00000000000000000000000000000000000000aa")
	nft := common.HexToAddress("0x00000000000000000000000000000000000000bb")
	for name, c := range map[string]struct {
		change func(*wallet.Prepared)
		want   []string
	}{
		"no simulation": {func(p *wallet.Prepared) { p.Effects = nil }, []string{"there is no simulation"}},
		"a revert": {func(p *wallet.Prepared) {
			p.Effects.Txs[1].Success, p.Effects.Txs[1].Revert = false, "STF\x1b[31m"
		}, []string{"reverts", "transaction 2 of 2: STF[31m"}},
		"what could not be told": {func(p *wallet.Prepared) { p.Effects.Unknown = []string{"balance of 0x1"} }, []string{"could not be told: balance of 0x1"}},
		"an operator": {func(p *wallet.Prepared) {
			p.Effects.Operators = []fork.OperatorChange{{Owner: clitest.Account, Operator: other, Asset: nft, After: true}}
		}, []string{"operator", other.Hex(), "may move everything", nft.Hex()}},
		"a new owner": {func(p *wallet.Prepared) {
			p.Effects.Controls = []fork.ControlChange{{Contract: nft, Kind: fork.Delegate, After: other}}
		}, []string{"delegate", nft.Hex(), "becomes", other.Hex()}},
		"a created contract": {func(p *wallet.Prepared) { p.Effects.Created = []common.Address{other} }, []string{"creates", other.Hex()}},
		"a collectible": {func(p *wallet.Prepared) {
			p.Effects.Balances = append(p.Effects.Balances, fork.BalanceChange{
				Account: clitest.Account, Kind: fork.ERC721, Asset: nft, ID: uint256.NewInt(7), Before: *uint256.NewInt(1),
			})
		}, []string{"out", "ERC721 of " + nft.Hex() + " id 7"}},
		"an allowance through Permit2": {func(p *wallet.Prepared) {
			p.Effects.Allowances = []fork.AllowanceChange{{Owner: clitest.Account, Spender: other, Asset: clitest.USDC.Address, Via: nft, After: clitest.Amount("5", clitest.USDC).Raw}}
		}, []string{"may take 5 USDC, before 0 USDC, through " + nft.Hex()}},
		"an allowance that never ends": {func(p *wallet.Prepared) {
			all := *new(uint256.Int).SubUint64(new(uint256.Int).Lsh(uint256.NewInt(1), 160), 1)
			p.Effects.Allowances = []fork.AllowanceChange{{
				Owner: clitest.Account, Spender: other, Asset: clitest.USDC.Address, Via: nft, After: all, ExpiresAfter: 1<<48 - 1,
			}}
		}, []string{"may take UNLIMITED USDC for ever, before 0 USDC"}},
		"another's allowance": {func(p *wallet.Prepared) {
			p.Effects.Allowances = []fork.AllowanceChange{{Owner: other, Spender: nft, Asset: clitest.USDC.Address, After: clitest.Amount("5", clitest.USDC).Raw}}
		}, []string{"others'", nft.Hex()}},
		"too many others": {func(p *wallet.Prepared) {
			for i := range 10 {
				p.Effects.Balances = append(p.Effects.Balances, fork.BalanceChange{Account: common.BytesToAddress([]byte{byte(i + 1)}), Kind: fork.Native, After: *uint256.NewInt(1)})
			}
		}, []string{"and 6 more changes"}},
		"a price impact": {func(p *wallet.Prepared) { bps := uint64(123); p.ImpactBps = &bps }, []string{"price impact", "1.23 %"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := clitest.Swap()
			c.change(p)
			got := text([]show.Block{show.Effects(p, clitest.Names())}, 0)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
		})
	}
}

func TestATokenThatNoListHasIsNeverShownByItsNameAlone(t *testing.T) {
	fake := chain.Token{ChainID: 31337, Address: common.HexToAddress("0x00000000000000000000000000000000000000fa"), Symbol: "USDC\u202e", Decimals: 6}
	p := clitest.Swap()
	p.Bound.In = []chain.Amount{clitest.Amount("1000", fake)}
	p.Effects.Balances = []fork.BalanceChange{{Account: clitest.Account, Kind: fork.ERC20, Asset: fake.Address, After: *uint256.NewInt(5e6)}}
	got := text([]show.Block{show.Effects(p, clitest.Names())}, 0)
	for _, want := range []string{"5 USDC (unlisted)", "USDC is " + fake.Address.Hex() + ", which no list of yours has"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	p.Bound.In = nil
	got = text([]show.Block{show.Effects(p, clitest.Names())}, 0)
	if want := "5,000,000 smallest units of " + fake.Address.Hex(); !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
}

func TestTheGasIsNotCountedAsMoneySent(t *testing.T) {
	got := text([]show.Block{show.Effects(clitest.Transfer(), clitest.Names())}, 0)
	if strings.Contains(got, "out            0.0021") || strings.Count(got, "ETH") != 1 {
		t.Errorf("the fee shows up twice:\n%s", got)
	}
}

func TestTextFromOutsideIsSanitizedEverywhere(t *testing.T) {
	evil := "x\x1b]0;t\x07\u202e\u200by"
	p := clitest.Swap()
	p.Title, p.Origin, p.Network.Name = evil, evil, evil
	p.Effects.Txs[0].Success, p.Effects.Txs[0].Revert = false, evil
	p.Effects.Unknown = []string{evil}
	p.Verdict.Findings = []wallet.Finding{{Decision: wallet.Ask, Detail: evil, Hint: evil}}
	events := []agent.Event{
		{Type: agent.Simulated, Prepared: p},
		{Type: agent.Progressed, Text: evil},
		{Type: agent.Answered, Text: evil},
		{Type: agent.Refused, Refusal: &agent.Refusal{Detail: evil, Hint: evil}},
		{Type: agent.Resulted, Result: &tools.Result{Title: evil, Lines: []tools.Line{{Label: evil, Value: evil}}}},
	}
	blocks := show.Request(p, clitest.Names())
	for _, e := range events {
		blocks = append(blocks, show.Event(e, clitest.Names())...)
	}
	for _, b := range blocks {
		for _, l := range b.Lines {
			if show.Hidden(l.Label) || show.Hidden(l.Text) || show.Hidden(b.Title) {
				t.Errorf("%q: %q %q", b.Title, l.Label, l.Text)
			}
		}
	}
}

func TestWordsAndFactsStandInBlocksOfTheirOwn(t *testing.T) {
	for _, b := range show.Request(clitest.Transfer(), clitest.Names()) {
		if facts := b.Title != "asked"; facts != (b.Source == show.Chain) {
			t.Errorf("block %q has source %d", b.Title, b.Source)
		}
	}
}

func TestNumbersAreWrittenExactly(t *testing.T) {
	for in, want := range map[uint64]string{0: "0.00 %", 1: "0.01 %", 30: "0.30 %", 10_000: "100.00 %"} {
		if got := show.Percent(in); got != want {
			t.Errorf("Percent(%d) = %s", in, got)
		}
	}
	for in, want := range map[string]string{"1": "1 USDC", "1234.5": "1,234.5 USDC", "1000000": "1,000,000 USDC", "0.000001": "0.000001 USDC"} {
		if got := show.Amount(clitest.Amount(in, clitest.USDC)); got != want {
			t.Errorf("Amount(%s) = %s", in, got)
		}
	}
}

func TestAmountsReadBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token := clitest.USDC
		token.Decimals = uint8(rapid.IntRange(0, 30).Draw(t, "decimals"))
		raw := uint256.Int{rapid.Uint64().Draw(t, "low"), rapid.Uint64().Draw(t, "high")}
		a := chain.NewAmount(&raw, token)
		number, _, _ := strings.Cut(show.Amount(a), " ")
		back, err := chain.ParseAmount(strings.ReplaceAll(number, ",", ""), token)
		if err != nil || back.Raw != a.Raw {
			t.Fatalf("%s became %s: %v", a, number, err)
		}
	})
}

func TestWrappingLosesNothingAndFits(t *testing.T) {
	word := rapid.StringMatching(`[a-zA-Z0-9.]{1,70}`)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(word, 1, 12).Draw(t, "words")
		width := rapid.IntRange(20, 100).Draw(t, "width")
		b := show.Block{Title: "t", Lines: []show.Line{{Label: "label", Text: strings.Join(words, " ")}}}
		lines := b.Wrapped(width, show.BreakWords)
		var joined strings.Builder
		for _, l := range lines {
			if w := lipgloss.Width(l.Label + l.Text); w > width {
				t.Fatalf("%d columns in %d: %q", w, width, l.Text)
			}
			joined.WriteString(l.Text)
		}
		strip := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if strip(joined.String()) != strings.Join(words, "") {
			t.Fatalf("text changed: %q", joined.String())
		}
		for _, l := range b.Wrapped(width, show.KeepWords) {
			for _, part := range strings.Fields(l.Text) {
				if !contains(words, part) {
					t.Fatalf("%q was broken", part)
				}
			}
		}
	})
}

func contains(words []string, w string) bool {
	for _, x := range words {
		if x == w {
			return true
		}
	}
	return false
}

func TestANarrowTerminalHasTheLabelAboveTheText(t *testing.T) {
	b := show.Block{Title: "t", Lines: []show.Line{{Label: "recipient", Text: "a friend of mine"}, {Text: "and more"}}}
	want := "t\n  recipient\n    a friend of\n    mine\n    and more"
	if got := strings.Join(b.Text(18, show.KeepWords), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAFeeWithoutACapIsOnlyExpected(t *testing.T) {
	p := clitest.Transfer()
	p.MaxFee = chain.Amount{}
	got := text([]show.Block{show.Effects(p, clitest.Names())}, 0)
	if !strings.Contains(got, "fee        expected 0.0021 ETH") {
		t.Errorf("got\n%s", got)
	}
}
