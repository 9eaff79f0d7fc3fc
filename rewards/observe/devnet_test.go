package observe

import (
	"bytes"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/params"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
	"github.com/keymaker-agent/keymaker/contracts/deploy"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// city is an embedded chain with the real contracts, on which people stake, found a subnet, change its fee and vote for a payout.
type city struct {
	testing.TB
	net    *devnet.Devnet
	node   *ethclient.Client
	client *chain.Client
	at     deploy.Addresses
	who    []devnet.Account
	last   *types.Receipt
}

func newCity(tb testing.TB) *city {
	tb.Helper()
	d := devnettest.Start(tb)
	c := &city{tb, d, devnettest.Dial(tb, d, known.L1), dial(tb, d.Networks()[0]), known.Rewards(known.L1), d.Accounts(), nil}
	claims := known.Claims(known.L1)
	for _, who := range c.who[:2] {
		p, err := claims.Proof(who.Address)
		if err != nil {
			tb.Fatal(err)
		}
		path := make([][32]byte, len(p.Path))
		for i, h := range p.Path {
			path[i] = h
		}
		c.send(who, c.at.Distributor, bindings.NewDistributor().PackClaim(who.Address, p.Amount.ToBig(), path))
		for _, spender := range []common.Address{c.at.Stakes, c.at.Subnets} {
			c.send(who, c.at.Key, bindings.NewKey().PackApprove(spender, keys(10_000)))
		}
	}
	return c
}

func dial(tb testing.TB, n chain.Network, opts ...chain.Option) *chain.Client {
	tb.Helper()
	client, err := chain.Dial(tb.Context(), n, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(client.Close)
	return client
}

func keys(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), big.NewInt(params.Ether)) }

func (c *city) send(from devnet.Account, to common.Address, data []byte) {
	c.Helper()
	c.last = devnettest.Send(c, c.net, from, chain.Call{ChainID: known.L1, To: &to, Data: data})
	if c.last.Status != types.ReceiptStatusSuccessful {
		c.Fatalf("transaction %s to %s reverts", c.last.TxHash, to)
	}
}

func (c *city) pass(d time.Duration) {
	c.Helper()
	if err := c.net.AdjustTime(known.L1, d); err != nil {
		c.Fatal(err)
	}
}

const day = 24 * time.Hour

// live is what happens in the city.
func (c *city) live() (subnet common.Hash, provider common.Address) {
	c.Helper()
	s, n, g := bindings.NewStakes(), bindings.NewSubnets(), bindings.NewGovernance()
	founder, other, voter := c.who[0], c.who[1], c.who[known.Voter]
	copy(subnet[:], founder.Address[:])
	subnet[31], provider = 1, c.who[7].Address

	c.send(voter, c.at.Governance, g.PackVote(new(big.Int), true))
	c.send(founder, c.at.Subnets, n.PackRegister(subnet, c.who[5].Address, big.NewInt(1e18)))
	c.send(founder, c.at.Stakes, s.PackStake(subnet, keys(50), uint64(time.Now().Add(60*day).Unix())))
	c.send(other, c.at.Stakes, s.PackStake(subnet, keys(100), 0))
	c.send(other, c.at.Stakes, s.PackStake(word32(provider), keys(30), 0))
	c.pass(day)
	c.send(founder, c.at.Stakes, s.PackStake(word32(provider), keys(5), 0))
	c.send(other, c.at.Stakes, s.PackWithdraw(subnet, keys(40)))
	c.send(founder, c.at.Subnets, n.PackLowerFee(subnet, big.NewInt(1e17)))
	c.pass(2*day + time.Hour)
	c.send(founder, c.at.Stakes, s.PackExtend(subnet, uint64(time.Now().Add(200*day).Unix())))
	c.send(other, c.at.Stakes, s.PackStake(common.Hash{}, keys(7), 0))
	c.send(other, c.at.Stakes, s.PackWithdraw(word32(provider), keys(30)))
	c.send(founder, c.at.Subnets, n.PackSetTreasury(subnet, c.who[6].Address))
	c.pass(6 * day)
	c.send(other, c.at.Stakes, s.PackWithdraw(subnet, keys(60)))
	c.send(other, c.at.Stakes, s.PackStake(subnet, keys(1), 0))
	c.send(voter, c.at.Governance, g.PackExecute(new(big.Int)))
	c.pass(day)
	return subnet, provider
}

// positions is what the contract itself said of a position after each block.
func (c *city) positions(account common.Address, subject common.Hash) []*big.Int {
	c.Helper()
	head, err := c.node.BlockNumber(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	var all []*big.Int
	for n := range head + 1 {
		out, err := c.node.CallContract(c.Context(), ethereum.CallMsg{To: &c.at.Stakes, Data: stakes().PackPosition(account, subject)}, big64(n))
		if err != nil {
			c.Fatal(err)
		}
		if len(out) == 0 { // it is not deployed yet
			all = append(all, new(big.Int))
			continue
		}
		p, err := stakes().UnpackPosition(out)
		if err != nil {
			c.Fatal(err)
		}
		all = append(all, p.Amount)
	}
	return all
}

func (c *city) times() []uint64 {
	c.Helper()
	head, err := c.node.BlockNumber(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	var all []uint64
	for n := range head + 1 {
		h, err := c.node.HeaderByNumber(c.Context(), big64(n))
		if err != nil {
			c.Fatal(err)
		}
		all = append(all, h.Time)
	}
	return all
}

// integral is the sum of what stood times seconds, between two times.
func integral(times []uint64, amounts []*big.Int, from, to uint64) *big.Int {
	sum := new(big.Int)
	for i := range times {
		begin, end := max(times[i], from), to
		if i+1 < len(times) {
			end = min(times[i+1], to)
		}
		if begin < end {
			sum.Add(sum, new(big.Int).Mul(amounts[i], big64(end-begin)))
		}
	}
	return sum
}

func (c *city) observe(r Reader, o Order) *lines {
	c.Helper()
	var l lines
	if _, err := Observe(c.Context(), r, o, &l, func(Progress) {}); err != nil {
		c.Fatalf("epoch %d: %v", o.Epoch, err)
	}
	return &l
}

func TestEntriesOfARealChainAreWhatItsContractsHeld(t *testing.T) {
	c := newCity(t)
	subnet, provider := c.live()
	contracts, err := Find(t.Context(), c.client, c.at.Governance)
	if err != nil {
		t.Fatal(err)
	}
	if contracts.Stakes != c.at.Stakes || contracts.Subnets != c.at.Subnets || contracts.Distributor != c.at.Distributor || contracts.Calendar.Length != 86400 {
		t.Fatalf("found %+v, want %+v", contracts, c.at)
	}
	times := c.times()
	founder, other := c.who[0].Address, c.who[1].Address
	bonds := c.positions(other, word32(provider))
	for i, more := range c.positions(founder, word32(provider)) {
		bonds[i].Add(bonds[i], more)
	}
	want := map[common.Address][]*big.Int{founder: c.positions(founder, subnet), other: c.positions(other, subnet), provider: bonds}

	others := []*chain.Client{limited(t, c.net.Networks()[0]), dial(t, c.net.Networks()[0], chain.WithBodyLimit(6000))}
	now, err := contracts.Calendar.Epoch(emission.Time(times[len(times)-1]))
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[usage.Kind]int{}
	for epoch := range now {
		order := Order{Contracts: contracts, Epoch: epoch}
		got := c.observe(c.client, order)
		for i, r := range others {
			order.Piece = uint64(7 * i)
			if other := c.observe(r, order); !bytes.Equal(got.text, other.text) {
				t.Errorf("epoch %d: one observer says\n%s\nand another\n%s", epoch, got.text, other.text)
			}
		}
		sums := map[common.Address]*big.Int{founder: new(big.Int), other: new(big.Int), provider: new(big.Int)}
		for _, e := range got.all {
			kinds[e.Kind]++
			if e.Kind == usage.Bond || e.Kind == usage.Stake {
				sums[e.Earner].Add(sums[e.Earner], new(big.Int).Mul(e.Amount.ToBig(), big64(uint64(e.To-e.At))))
			}
		}
		span, _ := contracts.Calendar.Span(epoch)
		for who, amounts := range want {
			if is := integral(times, amounts, uint64(span.From), uint64(span.To)); is.Cmp(sums[who]) != 0 {
				t.Errorf("epoch %d: %s has %s wei * seconds in entries, and %s in the contract", epoch, who, sums[who], is)
			}
		}
	}
	if kinds[usage.Bond] < 9 || kinds[usage.Stake] < 18 || kinds[usage.Subnet] < 10 || kinds[usage.Payout] != 1 {
		t.Errorf("too few entries: %v", kinds)
	}
	if _, err := Observe(t.Context(), c.client, Order{Contracts: contracts, Epoch: now}, &lines{}, func(Progress) {}); !refusal.Is(err, refusal.FutureEpoch) {
		t.Errorf("the epoch under way: %v", err)
	}
	if _, err := Find(t.Context(), c.client, c.at.Stakes); !refusal.Is(err, refusal.NoRewards) {
		t.Errorf("no governance: %v", err)
	}
	if _, err := Find(t.Context(), c.client, founder); !refusal.Is(err, refusal.NoRewards) {
		t.Errorf("no contract: %v", err)
	}
}

// limited is a client of an endpoint as the narrow ones are: no batches, and the logs of two blocks at once.
func limited(tb testing.TB, n chain.Network) *chain.Client {
	tb.Helper()
	behind := n.RPC[0]
	narrow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var ask struct {
			ID     json.RawMessage
			Method string
			Params []struct{ FromBlock, ToBlock hexutil.Uint64 }
		}
		w.Header().Set("Content-Type", "application/json")
		if bytes.HasPrefix(body, []byte("[")) {
			_, _ = io.WriteString(w, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}`)
			return
		}
		if strings.Contains(string(body), "eth_getLogs") && json.Unmarshal(body, &ask) == nil && ask.Params[0].ToBlock-ask.Params[0].FromBlock > 1 {
			_, _ = io.WriteString(w, `{"jsonrpc":"2.0","id":`+string(ask.ID)+`,"error":{"code":-32602,"message":"at most 2 blocks"}}`)
			return
		}
		answer, err := http.Post(behind, "application/json", bytes.NewReader(body))
		if err != nil {
			http.Error(w, "down", http.StatusInternalServerError)
			return
		}
		defer answer.Body.Close()
		_, _ = io.Copy(w, answer.Body)
	}))
	tb.Cleanup(narrow.Close)
	n.RPC = []string{narrow.URL}
	return dial(tb, n)
}
