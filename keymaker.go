// Package keymaker puts the agent together: config, wallet, journal, planners and networks, ready for sessions.
//
// The user says what they want; a planner fenced in by deterministic Go turns it into a typed plan; a router finds the way; the
// exact transactions run on a fork first; the user sees what will change; a local wallet signs what was approved. Each room of
// that way is a package of its own, and imports point one way only: see docs/architecture.md.
//
// A program that embeds the agent opens an Agent on a folder, takes a Session for its front end, and runs sentences:
//
//	k, err := keymaker.Open(keymaker.Options{Home: dir})
//	session, err := k.Session("my-program", keymaker.DryRun)
//	err = session.Run(ctx, "swap 0.1 ETH to USDC", front)
package keymaker

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/agent/grammar"
	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/config"
	"github.com/keymaker-agent/keymaker/internal/store"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/tools"
	"github.com/keymaker-agent/keymaker/wallet"
)

// Options says where the agent's files are and what overrides its config. The zero Options is the user's own agent.
type Options struct {
	Home    string             // folder of config and data; empty: KEYMAKER_HOME, else the XDG folders
	Config  map[string]any     // key path -> value, stronger than every file: network, account, limits.slippage_bps
	Model   string             // model of Ollama in place of the config's; empty: the config's
	Digest  string             // that it must have; empty: the config's pin where it is the config's model, else any
	Tools   []tools.Tool       // tools of one's own
	Clock   func() time.Time   // nil: time.Now
	Log     *slog.Logger       // what is done, for those who look for a fault; nil: nobody
	Reached func(wallet.Point) // told after each stored state of a transaction; nil: nobody is told
}

// Mode says what the last step of a request is.
type Mode bool

// The modes.
const (
	Live   Mode = false // approve, sign, send, confirm
	DryRun Mode = true  // apply to a fork; nothing is signed
)

// Agent is an opened agent. It is safe for concurrent use; its sessions are not.
type Agent struct {
	options Options
	config  *config.Config
	world   intents.World
	tools   *tools.Registry
	keys    *wallet.Keys
	policy  *wallet.Policy
	store   *store.Store
	account common.Address
	standIn bool // an endpoint stands in for a network: nothing is signed
	feeding feeding

	mu      sync.Mutex
	clients map[access]*chain.Client
	gates   map[access]*wallet.Gate
	routers map[string]tools.Router
}

// Open reads the config and the policy, and opens the wallet's folder and the journal. It asks nothing of the network. Close
// must be called.
func Open(o Options) (*Agent, error) {
	a, paths, err := begin(o)
	if err != nil {
		return nil, err
	}
	if err := paths.Make(); err != nil {
		return nil, err
	}
	if err := a.gather(o.Tools, claims{paths.DataDir}); err != nil {
		return nil, err
	}
	if a.policy, err = policyAt(a.config.PolicyFile(paths)); err != nil {
		return nil, err
	}
	if a.keys, err = OpenKeys(o.Home); err != nil {
		return nil, err
	}
	if err := a.choose(); err != nil {
		return nil, err
	}
	a.options.Log.Debug("opened", "config", paths.ConfigFile, "data", paths.DataDir, "network", a.config.Network, "account", a.account)
	if a.store, err = store.Open(context.Background(), filepath.Join(paths.DataDir, Database)); err != nil {
		return nil, err
	}
	return a, nil
}

// begin reads the config, and gathers what words are looked up in.
func begin(o Options) (*Agent, config.Paths, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	paths, err := config.Locate(o.Home, os.Getenv)
	if err != nil {
		return nil, paths, err
	}
	a := &Agent{options: o, clients: map[access]*chain.Client{}, gates: map[access]*wallet.Gate{}, routers: map[string]tools.Router{}}
	a.config, err = config.Load(config.Sources{
		UserFile: paths.ConfigFile, ProjectFile: config.ProjectFile, Env: os.Environ(), Flags: o.Config,
	})
	if err != nil {
		return nil, paths, err
	}
	a.config.Model = a.config.Model.Or(o.Model, o.Digest)
	a.feeding.accounts = accounts(a.config.Rewards, paths)
	return a, paths, a.look()
}

// Networks are those of the config, and the key of the one in use. It opens neither wallet nor journal, and makes no file.
func Networks(o Options) (networks []chain.Network, inUse string, err error) {
	a, _, err := begin(o)
	if err != nil {
		return nil, "", err
	}
	return a.world.Networks, a.world.Default, nil
}

// Database is the file name of the journal in a data folder.
const Database = "keymaker.db"

// OpenKeys opens the key folder of a home, and makes it where there is none. An empty home is the user's own.
func OpenKeys(home string, opts ...wallet.KeysOption) (*wallet.Keys, error) {
	paths, err := config.Locate(home, os.Getenv)
	if err != nil {
		return nil, err
	}
	return wallet.OpenKeys(filepath.Join(paths.DataDir, "keys"), opts...)
}

// policyAt loads a policy, or the default one where no file was written yet.
func policyAt(path string) (*wallet.Policy, error) {
	p, err := wallet.LoadPolicy(path)
	if errors.Is(err, os.ErrNotExist) {
		return wallet.DefaultPolicy(), nil
	}
	return p, err
}

// look gathers what words are looked up in.
func (a *Agent) look() error {
	networks, registry, err := a.config.Resolve()
	if err != nil {
		return err
	}
	book := make(map[string]common.Address, len(a.config.Book))
	for label, address := range a.config.Book {
		book[strings.ToLower(label)] = address
	}
	a.world = intents.World{Networks: networks, Default: a.config.Network, Tokens: registry, Book: book, Money: a.config.Money}
	return nil
}

func (a *Agent) gather(own []tools.Tool, claims tools.Claims) error {
	a.tools = tools.New(a.router, claims)
	for _, t := range own {
		if err := a.tools.Add(t); err != nil {
			return err
		}
	}
	return nil
}

// router keeps one router a network, which remembers the pools that it found.
func (a *Agent) router(n chain.Network, tokens *chain.Registry) tools.Router {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.routers[n.Key]; !ok {
		a.routers[n.Key] = tools.SwapRouters(n, tokens)
	}
	return a.routers[n.Key]
}

// choose picks the account: the config's, else the only one that has a key. None is no error: reading needs none.
func (a *Agent) choose() error {
	if a.config.Account != "" {
		a.account = common.HexToAddress(a.config.Account)
		return nil
	}
	accounts, err := a.keys.List()
	if err != nil {
		return err
	}
	own := slices.DeleteFunc(accounts, func(acc wallet.Account) bool { return acc.WatchOnly })
	if len(own) > 1 {
		return refusal.New(refusal.Usage, "the wallet has %d accounts", len(own)).
			WithHint("choose one with --account, or set account in the config")
	}
	if len(own) == 1 {
		a.account = own[0].Address
	}
	return nil
}

// Close ends every connection.
func (a *Agent) Close() error {
	told := a.feeding.close() // waits for a run that tells, which needs its client
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range a.clients {
		c.Close()
	}
	return errors.Join(told, a.store.Close())
}

// Account is the address that acts; zero where the wallet is empty.
func (a *Agent) Account() common.Address { return a.account }

// Policy says what may be signed.
func (a *Agent) Policy() *wallet.Policy { return a.policy }

// Plain reports whether the config asks for plain lines instead of a screen.
func (a *Agent) Plain() bool { return a.config.UI.Plain }

// World is what words are looked up in: networks, tokens, the address book.
func (a *Agent) World() intents.World { return a.world }

// Network is the network that counts where a request names none.
func (a *Agent) Network() (chain.Network, error) {
	for _, n := range a.world.Networks {
		if n.Key == a.world.Default {
			return n, nil
		}
	}
	return chain.Network{}, refusal.New(refusal.UnknownChain, "the config has no network %q", a.world.Default)
}

// Entry is one run of the journal: what was asked, who served it, what was sent.
type Entry = store.Entry

// History returns the newest runs of the journal, newest first.
func (a *Agent) History(ctx context.Context, limit int) ([]Entry, error) {
	return a.store.History(ctx, limit)
}

// Grammar reads sentences without any model.
func (a *Agent) Grammar() *agent.Understander {
	return &agent.Understander{Lexicon: a.lexicon(), Exact: grammar.New()}
}

// Own is the trained planner that the program carries.
func (a *Agent) Own() agent.Planner { return own.New(own.Builtin{}, own.Witness{}) }

// Understander reads sentences: by the grammar and the own planner, then by the model of the config, if it names one. That model is
// opened when the first two leave a sentence open, so that what needs no model works without one.
func (a *Agent) Understander() *agent.Understander {
	u := a.Grammar()
	u.Own = a.Own()
	if a.config.Learn.Keep {
		a.learning(u, own.Builtin{})
	}
	if name := a.config.Model.Name; name != "" {
		u.Models = []agent.Planner{&lateModel{name: "ollama:" + name, open: a.openModel}}
	}
	return u
}

// Model opens the model of the config as a planner.
func (a *Agent) Model(ctx context.Context) (agent.Planner, error) {
	if a.config.Model.Name == "" {
		return nil, refusal.New(refusal.ModelFailed, "the config names no model").WithHint("name one with --model, or set model.name")
	}
	m, err := a.openModel(ctx)
	if err != nil {
		return nil, err
	}
	return m, nil
}

func (a *Agent) openModel(ctx context.Context) (*pinnedModel, error) {
	c := a.config.Model
	llm, err := ollama.New(ctx, ollama.Options{
		URL: c.URL, Model: c.Name, Digest: c.Digest, AllowRemote: c.AllowRemote, NumCtx: c.NumCtx, Timeout: c.Timeout,
	})
	if err != nil {
		return nil, err
	}
	a.options.Log.Debug("model", "name", c.Name, "digest", llm.Digest())
	return &pinnedModel{plannerOn(llm, c.Name), llm.Digest(), provider(c.URL)}, nil
}

// provider is who runs a model: the host of another machine, or nothing for this one.
func provider(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return ""
	}
	host := u.Hostname()
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return ""
	}
	return host
}

func (a *Agent) lexicon() *intents.Lexicon {
	lex := intents.DefaultLexicon()
	for _, n := range a.world.Networks {
		lex.AddChain(n.Key, n.Name)
		lex.Tokens[strings.ToUpper(n.Native.Symbol)] = true
		for _, l := range a.world.Tokens.All(n.ChainID) {
			lex.Tokens[strings.ToUpper(l.Symbol)] = true
		}
	}
	for label := range a.world.Book {
		lex.Book[label] = true
	}
	return lex
}

// Session makes a session. Front names the front end in the journal.
func (a *Agent) Session(front string, mode Mode) (*agent.Session, error) {
	if mode == Live && a.account == (common.Address{}) {
		return nil, refusal.New(refusal.NoWallet, "there is no account to act for")
	}
	if mode == Live && a.standIn {
		return nil, refusal.New(refusal.Usage, "on an endpoint that stands in for a network there are dry runs only").WithHint("add --dry-run")
	}
	var chains agent.Chains = live{a, Live}
	ended := a.tell
	if mode == DryRun {
		chains, ended = newDry(a), nil
	}
	return agent.New(agent.Config{
		Understander: a.Understander(),
		Tools:        a.tools,
		World:        a.world,
		Chains:       chains,
		Journal:      journal{a.store, ended},
		Account:      a.account,
		Limits:       a.config.ToolLimits(),
		Front:        front,
		DryRun:       bool(mode),
		Clock:        a.options.Clock,
		NewRun:       newRun,
	}), nil
}

func newRun() string {
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}
