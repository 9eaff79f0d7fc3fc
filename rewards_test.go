package keymaker_test

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/hex"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/tree"
	"github.com/keymaker-agent/keymaker/tools"
)

// listener is a witness that also keeps what a tool answered.
type listener struct {
	witness
	result *tools.Result
}

func (l *listener) Event(e agent.Event) {
	l.witness.Event(e)
	if e.Type == agent.Resulted || e.Type == agent.Quoted {
		l.result = e.Result
	}
}

// saying runs one sentence.
func saying(t *testing.T, a *keymaker.Agent, mode keymaker.Mode, text string) (*listener, error) {
	t.Helper()
	s, err := a.Session("test", mode)
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{}
	return l, s.Run(t.Context(), text, l)
}

// said runs a sentence that must go through, first dry and then live, and holds the two and the chain against each other.
func said(t *testing.T, a *keymaker.Agent, text string) *listener {
	t.Helper()
	dry, err := saying(t, a, keymaker.DryRun, text)
	if err != nil {
		t.Fatalf("%s, in a dry run: %v", text, err)
	}
	live, err := saying(t, a, keymaker.Live, text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if live.prepared == nil || dry.applied == nil {
		t.Fatalf("%s: nothing was prepared", text)
	}
	if one, two := changes(t, dry.applied), changes(t, live.prepared.Effects); !bytes.Equal(one, two) {
		t.Fatalf("%s\ndry  %s\nlive %s", text, one, two)
	}
	holdAgainstChain(t.Context(), t, a, &live.witness)
	return live
}

// earnings asks what was earned.
func earnings(t *testing.T, a *keymaker.Agent) tools.Earnings {
	t.Helper()
	l, err := saying(t, a, keymaker.DryRun, "what did I earn?")
	if err != nil {
		t.Fatal(err)
	}
	got, ok := l.result.Data.(tools.Earnings)
	if !ok {
		t.Fatalf("%T", l.result.Data)
	}
	return got
}

// refused runs sentences that must be refused by these names, dry and live.
func refused(t *testing.T, a *keymaker.Agent, want map[string]refusal.Reason) {
	t.Helper()
	for text, reason := range want {
		for _, mode := range []keymaker.Mode{keymaker.DryRun, keymaker.Live} {
			if _, err := saying(t, a, mode, text); reasonOf(err) != reason {
				t.Errorf("%s: %v, want %s", text, err, reason)
			}
		}
	}
}

func keyHex(k *ecdsa.PrivateKey) string { return hex.EncodeToString(crypto.FromECDSA(k)) }

func keys(t *testing.T, n string) uint256.Int {
	t.Helper()
	a, err := chain.ParseAmount(n, chain.Token{Decimals: 18})
	if err != nil {
		t.Fatal(err)
	}
	return a.Raw
}

func TestWhatWasEarnedIsClaimedLockedAndTakenBack(t *testing.T) {
	d := devnettest.Start(t)
	a := open(t, d)
	proof, err := known.Claims(known.L1).Proof(a.Account())
	if err != nil {
		t.Fatal(err)
	}
	first := earnings(t, a)
	if !first.Known || !first.Settled || first.Earned.Raw != proof.Amount || first.Claimable.Raw != proof.Amount || !first.Claimed.IsZero() || first.Proposed != nil {
		t.Errorf("before anything: %+v", first)
	}
	live := said(t, a, "claim my rewards")
	if in := live.prepared.Bound.In; len(in) != 1 || in[0].Raw != proof.Amount || len(live.prepared.Bound.Out) != 0 {
		t.Errorf("a claim declares %+v", live.prepared.Bound)
	}
	refused(t, a, map[string]refusal.Reason{"claim my rewards": refusal.NothingToClaim, "collect what I earned": refusal.NothingToClaim})
	if got := earnings(t, a); got.Claimed.Raw != proof.Amount || !got.Claimable.IsZero() {
		t.Errorf("after the claim: %+v", got)
	}

	refused(t, a, map[string]refusal.Reason{
		"lock 100 KEY for 5 years":  refusal.LockTooLong,
		"lock 5000 KEY for 2 years": refusal.Balance,
		"withdraw 1 KEY":            refusal.Balance,
		"stake 1 ETH":               refusal.NotYet,
		"lock 100 KEY":              refusal.NeedsAnswer,
	})
	live = said(t, a, "lock 100 KEY for 2 years")
	want := keys(t, "100")
	if b := live.prepared.Bound; len(b.Out) != 1 || b.Out[0].Raw != want || len(b.Spenders) != 1 || len(live.prepared.Calls) != 2 {
		t.Errorf("a lock declares %+v and has %d calls", b, len(live.prepared.Calls))
	}
	spender, allowed, ok := chain.UnpackApprove(live.prepared.Calls[0].Data)
	if !ok || allowed != want || spender != known.Addresses(known.L1)[known.Stakes] {
		t.Errorf("it allows %s to %s, not just what it locks", allowed.Dec(), spender)
	}
	locked := earnings(t, a)
	if locked.Staked.Raw != want || locked.Power.IsZero() || locked.LockedUntil < uint64(time.Now().Add(729*24*time.Hour).Unix()) {
		t.Errorf("after the lock: %+v", locked)
	}
	refused(t, a, map[string]refusal.Reason{"lock 10 KEY for 1 year": refusal.LockShorter, "withdraw all my KEY": refusal.StillLocked})
	said(t, a, "stake 20 KEY")
	if got := earnings(t, a); got.Staked.Raw != keys(t, "120") || got.LockedUntil != locked.LockedUntil {
		t.Errorf("after the stake: %+v", got)
	}

	if err := d.AdjustTime(known.L1, 745*24*time.Hour); err != nil {
		t.Fatal(err)
	}
	said(t, a, "withdraw 50 KEY")
	if got := earnings(t, a); got.Staked.Raw != keys(t, "70") || got.LockedUntil != 0 || !got.Power.IsZero() {
		t.Errorf("after the withdrawal: %+v", got)
	}
}

func TestAVoteCountsOnceAndWhileItLasts(t *testing.T) {
	d := devnettest.Start(t)
	voter, newcomer := openAs(t, d, known.Voter), open(t, d)
	refused(t, voter, map[string]refusal.Reason{
		"vote for proposal 7":   refusal.NoProposal,
		"abstain on proposal 0": refusal.NotYet,
		"vote on proposal 0":    refusal.NeedsAnswer,
		"claim my rewards":      refusal.NothingToClaim, // at the start already
	})
	refused(t, newcomer, map[string]refusal.Reason{"vote for proposal 0": refusal.NoVotingPower})
	live := said(t, voter, "vote against proposal 0")
	if b := live.prepared.Bound; len(b.Out)+len(b.In)+len(b.Spenders) != 0 {
		t.Errorf("a vote declares %+v", b)
	}
	if m := motion(t, d, 0); m.Yes.Sign() != 0 || m.No.Sign() <= 0 {
		t.Errorf("the count is %s for, %s against", m.Yes, m.No)
	}
	refused(t, voter, map[string]refusal.Reason{"vote for proposal 0": refusal.AlreadyVoted})
	if err := d.AdjustTime(known.L1, 8*24*time.Hour); err != nil {
		t.Fatal(err)
	}
	refused(t, voter, map[string]refusal.Reason{"vote for proposal 0": refusal.VoteOver})
}

func TestAVoteForIsCountedAsOne(t *testing.T) {
	d := devnettest.Start(t)
	said(t, openAs(t, d, known.Voter), "vote yes on proposal 0")
	if m := motion(t, d, 0); m.No.Sign() != 0 || m.Yes.Sign() <= 0 {
		t.Errorf("the count is %s for, %s against", m.Yes, m.No)
	}
}

// motion reads a proposal as any client would.
func motion(t *testing.T, d *devnet.Devnet, id int64) bindings.GovernanceMotion {
	t.Helper()
	governance := bindings.NewGovernance()
	m, err := governance.UnpackMotion(viewed(t, d, known.Governance, governance.PackMotion(big.NewInt(id))))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func viewed(t *testing.T, d *devnet.Devnet, of known.Contract, data []byte) []byte {
	t.Helper()
	client, err := keymaker.Dial(t.Context(), d.Networks()[0])
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	at := known.Addresses(known.L1)[of]
	ret, err := client.CallContract(t.Context(), chain.Call{ChainID: known.L1, To: &at, Data: data})
	if err != nil {
		t.Fatal(err)
	}
	return ret
}

// TestClaimsOfAnotherRootAreRefused puts files into the data folder that are not those of the accepted root, and in the end the one that is.
func TestClaimsOfAnotherRootAreRefused(t *testing.T) {
	d := devnettest.Start(t)
	a, home := openAt(t, d, 0)
	file := keymaker.ClaimsFile(filepath.Join(home, "data"), "devnet")
	put := func(text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	good := writing(t, known.Claims(known.L1))
	mine := strings.ToLower(a.Account().Hex())
	proof, err := known.Claims(known.L1).Proof(a.Account())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"of another chain": writing(t, known.Claims(known.L2)),
		"with more in it":  strings.Replace(good, proof.Amount.Dec(), proof.Amount.Dec()+"0", 1),
		"cut":              good[:strings.Index(good, mine)+60],
		"no claims at all": "address,amount\n",
	} {
		put(text)
		if _, err := saying(t, a, keymaker.DryRun, "claim my rewards"); reasonOf(err) != refusal.StaleClaims {
			t.Errorf("claims %s: %v", name, err)
		}
		if _, err := saying(t, a, keymaker.DryRun, "what did I earn"); reasonOf(err) != refusal.StaleClaims {
			t.Errorf("claims %s, asked: %v", name, err)
		}
	}
	put(`{"address":"0x` + strings.Repeat("1", 40) + `","amount":"7","proof":[]}` + "\n")
	refused(t, a, map[string]refusal.Reason{"claim my rewards": refusal.NothingToClaim})
	if err := errors.Join(os.Remove(file), os.Mkdir(file, 0o700)); err != nil {
		t.Fatal(err)
	}
	refused(t, a, map[string]refusal.Reason{"claim my rewards": refusal.NoClaims})
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	put(good)
	said(t, a, "claim my rewards")
	put(`{"address":"0x` + strings.Repeat("1", 40) + `","amount":"7","proof":[]}` + "\n")
	refused(t, a, map[string]refusal.Reason{"claim my rewards": refusal.StaleClaims}) // it was paid before, so a newer root has it
}

func writing(t *testing.T, claims *tree.Tree) string {
	t.Helper()
	var out bytes.Buffer
	if err := claims.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestANewerRootIsToldWithItsWindow(t *testing.T) {
	d := devnettest.Start(t)
	a := open(t, d)
	distributor := bindings.NewDistributor()
	at := known.Addresses(known.L1)
	deployer := devnet.Account{Address: known.Deployer(known.L1), Key: keyHex(known.DeployerKey(known.L1))}
	key, stated := at[known.KEY], keys(t, "100")
	to := at[known.Distributor]
	claims := known.Claims(known.L1)
	for _, c := range []chain.Call{
		{ChainID: known.L1, To: &key, Data: chain.PackApprove(to, &stated)},
		{ChainID: known.L1, To: &to, Data: distributor.PackPropose(1, claims.Root(), [32]byte{1}, known.Claimed(known.L1).ToBig())},
	} {
		if r := devnettest.Send(t, d, deployer, c); r.Status != 1 {
			t.Fatal("the proposal was not made")
		}
	}
	got := earnings(t, a)
	if got.Proposed == nil || got.Proposed.Epoch != 1 || got.Proposed.Challenged || got.Epoch != 0 {
		t.Fatalf("%+v, proposed %+v", got, got.Proposed)
	}
	if until := time.Until(time.Unix(int64(got.Proposed.ChallengeUntil), 0)); until < 22*time.Hour || until > 25*time.Hour {
		t.Errorf("it may be challenged for %s more", until)
	}
	l, err := saying(t, a, keymaker.DryRun, "what did I earn")
	if err != nil {
		t.Fatal(err)
	}
	if last := l.result.Lines[len(l.result.Lines)-1]; !strings.HasPrefix(last.Value, "epoch 1, which may be challenged until ") {
		t.Errorf("it is told as %q", last.Value)
	}
}

func TestWhatIsClaimedIsLockedInTheSameSentence(t *testing.T) {
	d := devnettest.Start(t)
	a := open(t, d)
	for _, mode := range []keymaker.Mode{keymaker.DryRun, keymaker.Live} {
		l, err := saying(t, a, mode, "claim my rewards, then lock 500 KEY for 2 years")
		if err != nil {
			t.Fatal(err)
		}
		if out := l.prepared.Bound.Out; len(out) != 1 || out[0].Raw != keys(t, "500") {
			t.Errorf("the lock declares %+v", out)
		}
	}
	if got := earnings(t, a); got.Staked.Raw != keys(t, "500") || !got.Claimable.IsZero() {
		t.Errorf("%+v", got)
	}
}
