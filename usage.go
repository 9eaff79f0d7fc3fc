package keymaker

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/internal/config"
	"github.com/keymaker-agent/keymaker/internal/ledger"
	"github.com/keymaker-agent/keymaker/internal/store"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Accounts is where usage is kept and by which rules it is settled, as the config says.
type Accounts struct {
	Ledger string // a file or a DSN
	Rules  string // a file; empty: the example
	Key    string // file of the reporter's key
}

// AccountsOf reads the config, and makes no file.
func AccountsOf(o Options) (Accounts, error) {
	a, paths, err := begin(o)
	if err != nil {
		return Accounts{}, err
	}
	return accounts(a.config.Rewards, paths), nil
}

func accounts(r config.Rewards, paths config.Paths) Accounts {
	beside := func(file string) string { // files that a config names without their folder are beside it
		if file == "" || filepath.IsAbs(file) || ledger.IsDSN(file) {
			return file
		}
		return filepath.Join(filepath.Dir(paths.ConfigFile), file)
	}
	all := Accounts{Ledger: beside(r.Ledger), Rules: beside(r.Rules), Key: filepath.Join(paths.DataDir, "reporter.key")}
	if all.Ledger == "" {
		all.Ledger = filepath.Join(paths.DataDir, "usage.db")
	}
	return all
}

// Calendar is which seconds an epoch of the rules is.
func Calendar(r *rules.Rules) usage.Calendar { return usage.Calendar{Start: r.Start, Length: r.Length} }

// ReadRules reads the rules that usage is settled by.
func (c Accounts) ReadRules() (rules.Rules, error) {
	if c.Rules == "" {
		return rules.Example(), nil
	}
	text, err := os.ReadFile(c.Rules)
	if err != nil {
		return rules.Rules{}, refusal.New(refusal.BadRules, "the file of rules can't be read").Because(err)
	}
	return rules.Read(text)
}

// Reporter is the reporter's key. On first use it is made.
func (c Accounts) Reporter() (*ledger.Key, error) {
	k, err := ledger.OpenKey(c.Key)
	if !refusal.Is(err, refusal.NoReporter) {
		return k, err
	}
	k, err = ledger.MakeKey(c.Key)
	if errors.Is(err, fs.ErrExist) { // another program was first
		return ledger.OpenKey(c.Key)
	}
	return k, err
}

// Fed is what a look into the journal brought.
type Fed struct {
	Entries int // that are new in the ledger
	Waiting int // transactions that are not deep enough yet, or whose chain does not answer
	Gone    int // transactions that their chain does not have any more, such as those of embedded chains that were started again
	Late    int // entries whose epoch takes nothing more
	Unsaid  int // entries that no line can hold, such as of a tool with a name in capitals
}

// Feed tells the ledger what the journal knows of tools and front ends that served, since the last time: an entry for each transaction
// that was mined for a step. What was burned is reckoned from the receipt and the block, which are asked for again, and not from what
// a planner or a tool says. What was told already is told no second time.
func (a *Agent) Feed(ctx context.Context, to *ledger.Ledger, reporter common.Address) (Fed, error) {
	f := feeder{agent: a, to: to, reporter: reporter, chains: map[uint64]*fedChain{}}
	err := a.store.Served(ctx, func(s store.Served) error { return f.feed(ctx, s) })
	return f.fed, err
}

// feeder is one Feed under way.
type feeder struct {
	agent    *Agent
	to       *ledger.Ledger
	reporter common.Address
	chains   map[uint64]*fedChain
	fed      Fed
}

// fedChain is a chain as a feeder needs it.
type fedChain struct {
	client  *chain.Client // nil: nobody answers
	genesis common.Hash
	head    uint64
	deep    uint64 // confirmations
}

func (f *feeder) feed(ctx context.Context, s store.Served) error {
	entries, err := f.wanted(ctx, s)
	if err != nil || len(entries) == 0 {
		return err
	}
	at, burned, err := f.burned(ctx, s)
	switch {
	case errors.Is(err, errWaiting):
		f.fed.Waiting++
		return nil
	case errors.Is(err, errGone):
		f.fed.Gone++
		return nil
	case err != nil:
		return err
	}
	for _, e := range entries {
		e.At, e.Amount = at, burned
		n, err := f.to.Add(ctx, f.reporter, e)
		if refusal.Is(err, refusal.EpochClosed) || refusal.Is(err, refusal.WrongEpoch) || refusal.Is(err, refusal.FutureEpoch) {
			f.agent.options.Log.Debug("not told to the ledger", "transaction", s.Hash, "error", err)
			f.fed.Late++
			continue
		}
		if refusal.Is(err, refusal.BadEntry) {
			f.agent.options.Log.Warn("the usage ledger can't write this", "transaction", s.Hash, "error", err)
			f.fed.Unsaid++
			continue
		}
		if err != nil {
			return err
		}
		f.fed.Entries += n
	}
	return nil
}

// wanted are the entries that a transaction makes and that were not told yet, without time and amount.
func (f *feeder) wanted(ctx context.Context, s store.Served) (entries []*usage.Entry, err error) {
	r := f.agent.config.Rewards
	base := usage.Entry{Ref: refOf(s), Other: s.Account, Chain: s.ChainID, Subject: s.Hash}
	if author, ok := r.Authors[s.Author]; ok {
		e := base
		e.Kind, e.Name, e.Earner = usage.Tool, []byte(s.Tool), author
		entries = append(entries, &e)
	}
	if r.Front != "" {
		e := base
		e.Kind, e.Name, e.Subnet = usage.Front, []byte(r.Front), common.HexToHash(r.Subnet)
		entries = append(entries, &e)
	}
	var failed error
	entries = slices.DeleteFunc(entries, func(e *usage.Entry) bool {
		told, err := f.to.Has(ctx, f.reporter, e.Kind, e.Ref)
		failed = errors.Join(failed, err)
		return told
	})
	return entries, failed
}

// refOf is the same for a transaction of a step whenever it is asked for: SHA-256("run/step/transaction"), 16 bytes of it.
func refOf(s store.Served) usage.Ref {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d/%s", s.Run, s.Step, s.Hash))
	return usage.Ref(sum[:16])
}

var (
	errWaiting = errors.New("not deep enough, or nobody answers")
	errGone    = errors.New("the chain does not have it any more")
)

// burned is when a transaction was mined, and gas used * base fee of its block, in wei of the chain's coin.
func (f *feeder) burned(ctx context.Context, s store.Served) (at emission.Time, wei uint256.Int, err error) {
	c, err := f.chain(ctx, s.ChainID)
	if err != nil {
		return 0, wei, err
	}
	if c.client == nil {
		return 0, wei, errWaiting
	}
	if c.genesis != s.Genesis {
		return 0, wei, errGone
	}
	receipt, err := c.client.Receipt(ctx, s.Hash)
	if err != nil {
		return 0, wei, answered(err)
	}
	// What the journal keeps and what the chain says have to be the same: after a reorganisation they are not.
	if receipt == nil || receipt.Status != types.ReceiptStatusSuccessful || receipt.BlockNumber.Uint64() != s.Block || receipt.GasUsed != s.GasUsed {
		return 0, wei, errGone
	}
	if c.head+1 < s.Block+c.deep {
		return 0, wei, errWaiting
	}
	block, err := c.client.HeaderAt(ctx, s.Block)
	if err != nil {
		return 0, wei, answered(err)
	}
	if block.Hash != receipt.BlockHash {
		return 0, wei, errWaiting
	}
	if _, over := wei.MulOverflow(&block.BaseFee, uint256.NewInt(s.GasUsed)); over {
		return 0, wei, errWaiting // for an endpoint that answers sense
	}
	return emission.Time(block.Time), wei, nil
}

// answered makes an endpoint that does not answer one to wait for.
func answered(err error) error {
	if refusal.Is(err, refusal.RPCDown) {
		return errors.Join(errWaiting, err)
	}
	return err
}

// chain dials a chain once.
func (f *feeder) chain(ctx context.Context, id uint64) (*fedChain, error) {
	if c, ok := f.chains[id]; ok {
		return c, nil
	}
	c := &fedChain{}
	f.chains[id] = c
	networks := f.agent.world.Networks
	at := slices.IndexFunc(networks, func(n chain.Network) bool { return n.ChainID == id })
	if at < 0 {
		return c, nil
	}
	client, err := f.agent.client(ctx, networks[at], DryRun)
	if err == nil {
		var first, newest chain.Head
		if first, err = client.HeaderAt(ctx, 0); err == nil {
			newest, err = client.Header(ctx)
		}
		c.genesis, c.head, c.deep = first.Hash, newest.Number, confirmations(networks[at])
	}
	if refusal.Is(err, refusal.RPCDown) {
		return c, nil
	}
	c.client = client
	return c, err
}

// feeding is the ledger that an agent tells what it did, opened when there is something to tell.
type feeding struct {
	accounts Accounts
	mu       sync.Mutex
	ledger   *ledger.Ledger
	key      *ledger.Key
}

const feedPatience = 10 * time.Second // at the end of a run

// tell feeds the ledger after a run. That it can't be told is no reason to stop what the user asked for: the journal keeps it, and the
// next run or `keymaker rewards ledger report` tells it.
func (a *Agent) tell(ctx context.Context) {
	if !a.config.Rewards.Reports() || a.standIn {
		return
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), feedPatience)
	defer stop()
	fed, err := a.tellNow(ctx)
	if err != nil {
		a.options.Log.Warn("the usage ledger was not told; it will be after the next run", "error", err)
		return
	}
	a.options.Log.Debug("usage ledger", "entries", fed.Entries, "waiting", fed.Waiting, "gone", fed.Gone, "late", fed.Late, "unsaid", fed.Unsaid)
}

func (a *Agent) tellNow(ctx context.Context) (Fed, error) {
	f := &a.feeding
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ledger == nil {
		r, err := f.accounts.ReadRules()
		if err != nil {
			return Fed{}, err
		}
		if f.key, err = f.accounts.Reporter(); err != nil {
			return Fed{}, err
		}
		if f.ledger, err = ledger.Open(ctx, f.accounts.Ledger, Calendar(&r), a.options.Clock); err != nil {
			return Fed{}, err
		}
	}
	return a.Feed(ctx, f.ledger, f.key.Address())
}

func (f *feeding) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ledger == nil {
		return nil
	}
	return f.ledger.Close()
}
