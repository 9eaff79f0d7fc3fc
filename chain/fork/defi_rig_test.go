package fork_test

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"maps"
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/ethclient/simulated"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/chain/fork/forktest"
	"github.com/keymaker-agent/keymaker/contracts"
)

const (
	aheadOfTheClock = 1000 * time.Hour // each block is then exactly a second after its parent, however slow the machine is
	crowd           = 6                // people who trade
	setupGas        = 6_000_000
)

var (
	endless = new(big.Int).Sub(new(big.Int).Lsh(common.Big1, 256), common.Big1)
	much    = new(big.Int).Lsh(common.Big1, 120)
)

// person is somebody who signs.
type person struct {
	common.Address
	key *ecdsa.PrivateKey
}

// market is the embedded chain of the devnet, block for block the same transactions, on a node whose blocks the test seals; with more
// tokens and contracts, and people who hold some of everything.
type market struct {
	*simulated.Backend
	rpc    *rpc.Client
	people []person
	owner  person // who made the contracts, provides the liquidity and keeps the fees
	nonces map[common.Address]uint64

	at     map[known.Contract]common.Address
	odd    map[contracts.Name]common.Address
	tokens []common.Address // of ERC-20's kind
	pairs  []common.Address // of V2; the first ones are among the tokens, as people hold shares of them
	pools  []common.Address // of V3
	first  uint64           // position of theirs
	facts  map[fact]string  // what the chain held at the newest block that was looked at
	asked  []fact
	books  []common.Address               // the contracts that are asked
	roots  map[common.Address]common.Hash // of their storage, at that block
}

// Call and Batch make it a remote.
func (m *market) Call(ctx context.Context, result any, method string, args ...any) error {
	return m.rpc.CallContext(ctx, result, method, args...)
}

func (m *market) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	return m.rpc.BatchCallContext(ctx, elems)
}

func openMarket(t testing.TB) *market {
	t.Helper()
	m := &market{
		owner: person{known.Deployer(known.L1), known.DeployerKey(known.L1)}, nonces: make(map[common.Address]uint64),
		at: known.Addresses(known.L1), odd: make(map[contracts.Name]common.Address),
	}
	for _, a := range known.Accounts()[:crowd] {
		key, err := crypto.HexToECDSA(a.Key)
		if err != nil {
			t.Fatal(err)
		}
		m.people = append(m.people, person{a.Address, key})
	}
	m.replayDevnet(t)
	m.deployOdd(t)
	m.handOut(t)
	m.pass(t, aheadOfTheClock)
	m.plan(t)
	return m
}

// replayDevnet starts a node with the accounts and contracts of the devnet's genesis, and sends it all that the devnet was sent.
func (m *market) replayDevnet(t testing.TB) {
	t.Helper()
	ctx := t.Context()
	devnet := devnettest.Dial(t, devnettest.Start(t), known.L1)
	alloc := types.GenesisAlloc{surveyor: {Code: forktest.Assemble(t, surveyorSource), Balance: new(big.Int)}}
	for _, a := range append([]common.Address{m.owner.Address, known.Permit2, known.Multicall3}, accounts(m.people)...) {
		balance, err := devnet.BalanceAt(ctx, a, common.Big0)
		if err != nil {
			t.Fatal(err)
		}
		code, err := devnet.CodeAt(ctx, a, common.Big0)
		if err != nil {
			t.Fatal(err)
		}
		alloc[a] = types.Account{Balance: balance, Code: code}
	}
	config := *params.AllDevChainProtocolChanges
	config.ChainID = new(big.Int).SetUint64(known.L1)
	config.BogotaTime, config.AmsterdamTime = nil, nil
	socket := filepath.Join(t.TempDir(), "geth.ipc")
	m.Backend = simulated.NewBackend(alloc, func(n *node.Config, c *ethconfig.Config) {
		n.IPCPath, c.Genesis.Config = socket, &config
	})
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := rpc.Dial(socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	m.rpc = client
	head, err := devnet.BlockNumber(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for n := uint64(1); n <= head; n++ {
		block, err := devnet.BlockByNumber(ctx, new(big.Int).SetUint64(n))
		if err != nil {
			t.Fatal(err)
		}
		for _, tx := range block.Transactions() { // those of the rewards count the days, and fail here
			if err := m.Client().SendTransaction(ctx, tx); err != nil {
				t.Fatal(err)
			}
			from, err := types.Sender(types.LatestSignerForChainID(tx.ChainId()), tx)
			if err != nil {
				t.Fatal(err)
			}
			m.nonces[from]++
		}
		m.seal(t, m.owner)
		for _, p := range m.people {
			m.seal(t, p)
		}
	}
}

func accounts(people []person) (all []common.Address) {
	for _, p := range people {
		all = append(all, p.Address)
	}
	return all
}

// seal seals blocks until all that an account sent is in one.
func (m *market) seal(t testing.TB, from person) {
	t.Helper()
	for range 100 {
		m.Commit()
		nonce, err := m.Client().NonceAt(t.Context(), from.Address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if nonce == m.nonces[from.Address] {
			return
		}
	}
	t.Fatal("transactions stay in the pool")
}

// pass lets time pass. The pool forgets what was sealed in the background, and until it has, the chain's time can't be moved.
func (m *market) pass(t testing.TB, by time.Duration) {
	t.Helper()
	err := m.AdjustTime(by)
	for tries := 0; err != nil && tries < 5_000; tries++ {
		time.Sleep(time.Millisecond)
		err = m.AdjustTime(by)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// commit seals a block of all that was sent. The pool takes what it is sent in the background.
func (m *market) commit(t testing.TB) common.Hash {
	t.Helper()
	for a, want := range m.nonces {
		for tries := 0; ; tries++ {
			have, err := m.Client().PendingNonceAt(t.Context(), a)
			if err != nil || tries > 5_000 {
				t.Fatal("the pool did not take what it was sent", err)
			}
			if have == want {
				break
			}
			time.Sleep(time.Millisecond)
		}
	}
	return m.Commit()
}

// send signs a transaction with the account's next nonce.
func (m *market) send(t testing.TB, from person, tx fork.Tx) *types.Transaction {
	t.Helper()
	id := new(big.Int).SetUint64(known.L1)
	signed, err := types.SignNewTx(from.key, types.LatestSignerForChainID(id), &types.DynamicFeeTx{
		ChainID: id, Nonce: m.nonces[from.Address], To: tx.To, Value: tx.Value.ToBig(), Data: tx.Data, Gas: tx.Gas,
		GasFeeCap: tx.GasFeeCap.ToBig(), GasTipCap: tx.GasTipCap.ToBig(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Client().SendTransaction(t.Context(), signed); err != nil {
		t.Fatal(err)
	}
	m.nonces[from.Address]++
	return signed
}

// arrange sends calls that must succeed, from one account.
func (m *market) arrange(t testing.TB, from person, txs ...fork.Tx) {
	t.Helper()
	var sent []*types.Transaction
	for _, tx := range txs {
		tx.Gas, tx.GasFeeCap, tx.GasTipCap = setupGas, wei(100_000_000_000), wei(1_000_000_000)
		sent = append(sent, m.send(t, from, tx))
	}
	m.seal(t, from)
	for i, tx := range sent {
		receipt, err := m.Client().TransactionReceipt(t.Context(), tx.Hash())
		if err != nil || receipt.Status != types.ReceiptStatusSuccessful {
			t.Fatalf("arrange %d of %d from %s: %v %+v", i, len(sent), from.Address, err, receipt)
		}
	}
}

// deployOdd makes the contracts of the corpus that people meet.
func (m *market) deployOdd(t testing.TB) {
	t.Helper()
	supply := new(big.Int).Lsh(common.Big1, 90)
	var txs []fork.Tx
	for _, c := range []struct {
		name contracts.Name
		args []any
	}{
		{contracts.DaiToken, []any{"Old Dai", "ODAI", 18, m.owner.Address}},
		{contracts.CountingToken, []any{"Counting", "CNT", 18, m.owner.Address}},
		{contracts.RebasingToken, []any{supply}},
		{contracts.OperatorToken, []any{supply, list{m.people[5].Address}}},
		{contracts.LyingToken, []any{supply}},
		{contracts.Collectible, nil},
		{contracts.Collection, nil},
		{contracts.ThirdPartySpender, nil},
		{contracts.ApprovingMulticall, nil},
		{contracts.Failing, nil},
		{contracts.FailingRouter, nil},
	} {
		m.odd[c.name] = crypto.CreateAddress(m.owner.Address, m.nonces[m.owner.Address]+uint64(len(txs)))
		txs = append(txs, create(slices.Concat(contracts.Load(c.name).Creation, encode(c.args))))
	}
	m.arrange(t, m.owner, txs...)
}

// handOut gives everybody some of each token, shares of pairs and positions, and lets the usual contracts spend them.
func (m *market) handOut(t testing.TB) {
	t.Helper()
	mint := map[known.Contract]int{known.USDC: 6, known.USDT: 6, known.DAI: 18, known.WBTC: 6, known.FEE: 18, known.MOON: 18, known.THIN: 18}
	for _, p := range m.people {
		var txs []fork.Tx
		for _, c := range known.Deployed() {
			if decimals, ok := mint[c]; ok {
				txs = append(txs, to(m.at[c], "mint(address,uint256)", p.Address, coins(50_000, decimals)))
			}
		}
		for _, c := range []contracts.Name{contracts.DaiToken, contracts.CountingToken} {
			txs = append(txs, to(m.odd[c], "mint(address,uint256)", p.Address, coins(50_000, 18)))
		}
		for _, c := range []contracts.Name{contracts.RebasingToken, contracts.OperatorToken, contracts.LyingToken} {
			txs = append(txs, to(m.odd[c], "transfer(address,uint256)", p.Address, coins(50_000, 18)))
		}
		for id := range 2 {
			txs = append(txs, to(m.odd[contracts.Collection], "mint(address,uint256,uint256)", p.Address, id+1, 1_000_000))
		}
		m.arrange(t, m.owner, txs...)
	}
	for _, c := range []known.Contract{known.WETH, known.USDC, known.USDT, known.DAI, known.WBTC, known.FEE, known.MOON, known.THIN} {
		m.tokens = append(m.tokens, m.at[c])
	}
	for _, c := range []contracts.Name{contracts.DaiToken, contracts.CountingToken, contracts.RebasingToken, contracts.OperatorToken, contracts.LyingToken} {
		m.tokens = append(m.tokens, m.odd[c])
	}
	for _, p := range [][2]known.Contract{
		{known.WETH, known.USDC},
		{known.WETH, known.DAI},
		{known.USDC, known.DAI},
		{known.WETH, known.USDT},
		{known.USDC, known.USDT},
		{known.WETH, known.WBTC},
		{known.WETH, known.FEE},
		{known.WETH, known.MOON},
		{known.WETH, known.THIN},
	} {
		m.pairs = append(m.pairs, m.address(t, m.at[known.V2Factory], "getPair(address,address)", m.at[p[0]], m.at[p[1]]))
	}
	for _, p := range v3Pools {
		m.pools = append(m.pools, m.address(t, m.at[known.V3Factory], "getPool(address,address,uint24)", m.at[p.a], m.at[p.b], p.fee))
	}
	m.tokens = append(m.tokens, m.pairs[:3]...)
	supply := m.number(t, m.at[known.PositionManager], "totalSupply()")
	m.first = supply.Uint64() + 1
	for i, p := range m.people {
		txs := []fork.Tx{paying(to(m.at[known.WETH], "deposit()"), coins(100, 18))}
		for j, token := range m.tokens {
			for k, spender := range m.usual() {
				if token == m.odd[contracts.LyingToken] {
					continue
				}
				value := endless
				if (i+j+k)%3 > 0 {
					value = much
				}
				if spender == known.Multicall3 || spender == m.odd[contracts.ThirdPartySpender] {
					value = coins(int64(1+i), 6)
				}
				txs = append(txs, to(token, "approve(address,uint256)", spender, value))
			}
		}
		for n := range 4 {
			txs = append(txs, to(m.odd[contracts.Collectible], "mint(address,uint256)", p.Address, 4*i+n+1))
		}
		next := m.people[(i+1)%crowd]
		for _, token := range m.tokens[:4] {
			txs = append(txs, to(known.Permit2, "approve(address,address,uint160,uint48)", token, next.Address, much, 1<<47),
				to(token, "approve(address,uint256)", next.Address, coins(1, 6)))
		}
		for part := range slices.Chunk(txs, 40) {
			m.arrange(t, p, part...)
		}
		shares := func(a, b known.Contract, inA, inB *big.Int) fork.Tx {
			return to(m.at[known.V2Router], "addLiquidity(address,address,uint256,uint256,uint256,uint256,address,uint256)",
				m.at[a], m.at[b], inA, inB, 0, 0, p.Address, 1<<47)
		}
		m.arrange(t, p, shares(known.WETH, known.USDC, coins(1, 18), coins(3000, 6)), shares(known.WETH, known.DAI, coins(1, 18), coins(3000, 18)),
			shares(known.USDC, known.DAI, coins(1000, 6), coins(1000, 18)), m.position(p, v3Pools[i], 100), m.position(p, v3Pools[(i+1)%crowd], 100))
	}
}

// usual are the contracts that people let spend their tokens.
func (m *market) usual() []common.Address {
	return []common.Address{
		m.at[known.V2Router], m.at[known.V3Router], m.at[known.PositionManager], known.Permit2, known.Multicall3,
		m.odd[contracts.ThirdPartySpender], m.odd[contracts.ApprovingMulticall],
	}
}

type poolOfV3 struct {
	a, b known.Contract
	fee  int
}

var v3Pools = []poolOfV3{
	{known.WETH, known.USDC, 500},
	{known.WETH, known.USDC, 3_000},
	{known.WETH, known.DAI, 3_000},
	{known.WETH, known.USDT, 500},
	{known.WETH, known.WBTC, 3_000},
	{known.USDC, known.DAI, 100},
	{known.USDC, known.USDT, 100},
}

// position is a new position over all prices, of so many dollars on each side.
func (m *market) position(p person, pool poolOfV3, dollars int64) fork.Tx {
	x, y := pool.a, pool.b
	if m.at[x].Cmp(m.at[y]) > 0 {
		x, y = y, x
	}
	end := map[int]int{100: 887_272, 500: 887_270, 3_000: 887_220}[pool.fee]
	return to(m.at[known.PositionManager], "mint((address,address,uint24,int24,int24,uint256,uint256,uint256,uint256,address,uint256))",
		tuple{m.at[x], m.at[y], pool.fee, -end, end, worth(x, dollars), worth(y, dollars), 0, 0, p.Address, 1 << 47})
}

// worth is about what so many dollars buy of a token on the devnet.
func worth(token known.Contract, dollars int64) *big.Int {
	switch token {
	case known.WETH:
		return coins(dollars*333, 12)
	case known.WBTC:
		return coins(dollars*1_666, 0)
	case known.DAI:
		return coins(dollars, 18)
	}
	return coins(dollars, 6)
}

// view asks a contract at the newest block.
func (m *market) view(t testing.TB, of common.Address, signature string, args ...any) []byte {
	t.Helper()
	return m.ask(t, of, input(signature, args...), "latest")
}

func (m *market) ask(t testing.TB, of common.Address, data []byte, block any) []byte {
	t.Helper()
	var ret hexutil.Bytes
	if err := m.rpc.CallContext(t.Context(), &ret, "eth_call", map[string]any{"to": of, "input": hexutil.Bytes(data)}, block); err != nil {
		t.Fatalf("ask %s for %x: %v", of, data, err)
	}
	return ret
}

func (m *market) code(t testing.TB, of common.Address, block common.Hash) (code hexutil.Bytes) {
	t.Helper()
	if err := m.rpc.CallContext(t.Context(), &code, "eth_getCode", of, block); err != nil {
		t.Fatal(err)
	}
	return code
}

func (m *market) number(t testing.TB, of common.Address, signature string, args ...any) *big.Int {
	t.Helper()
	return new(big.Int).SetBytes(m.view(t, of, signature, args...)[:32])
}

func (m *market) address(t testing.TB, of common.Address, signature string, args ...any) common.Address {
	t.Helper()
	return common.BytesToAddress(m.view(t, of, signature, args...)[:32])
}

// fact is something that can change: what an account has, or what one may move of another's.
type fact struct {
	kind                string
	asset, owner, other common.Address
	id                  uint64
}

// The kinds of facts.
const (
	coin      = "coins"
	balance   = "balance"
	itemOwner = "owner of item"
	itemHand  = "hand of item" // who may move it
	multiple  = "multiple"     // of ERC-1155
	allowance = "allowance"
	viaPermit = "permit2" // amount and expiry
	operates  = "operator"
	operates7 = "operator of erc777"
)

func (f fact) String() string {
	return fmt.Sprintf("%s in %s of %s for %s, id %d", f.kind, f.asset, f.owner, f.other, f.id)
}

// question is how the chain is asked.
func (f fact) question() (common.Address, []byte) {
	switch f.kind {
	case coin:
		return known.Multicall3, input("getEthBalance(address)", f.owner)
	case balance:
		return f.asset, input("balanceOf(address)", f.owner)
	case itemOwner:
		return f.asset, input("ownerOf(uint256)", f.id)
	case itemHand:
		return f.asset, input("getApproved(uint256)", f.id)
	case multiple:
		return f.asset, input("balanceOf(address,uint256)", f.owner, f.id)
	case allowance:
		return f.asset, input("allowance(address,address)", f.owner, f.other)
	case viaPermit:
		return known.Permit2, input("allowance(address,address,address)", f.owner, f.asset, f.other)
	case operates:
		return f.asset, input("isApprovedForAll(address,address)", f.owner, f.other)
	case operates7:
		return f.asset, input("isOperatorFor(address,address)", f.other, f.owner)
	}
	panic("no such fact: " + f.kind)
}

// plan lists all facts of known accounts, tokens and spenders.
func (m *market) plan(t testing.TB) {
	t.Helper()
	people := accounts(m.people)
	holders := slices.Concat(people, []common.Address{m.owner.Address, m.at[known.WETH]}, m.usual(), m.pairs, m.pools)
	owners := append(slices.Clone(people), m.odd[contracts.ApprovingMulticall])
	spenders := slices.Concat(people, m.usual())
	for _, a := range holders {
		m.asked = append(m.asked, fact{kind: coin, owner: a})
		for _, token := range m.tokens {
			m.asked = append(m.asked, fact{kind: balance, asset: token, owner: a})
		}
	}
	for _, token := range m.tokens {
		if token == m.odd[contracts.LyingToken] {
			continue
		}
		for _, owner := range owners {
			for _, spender := range spenders {
				m.asked = append(m.asked, fact{kind: allowance, asset: token, owner: owner, other: spender})
			}
		}
	}
	manager, single, multi := m.at[known.PositionManager], m.odd[contracts.Collectible], m.odd[contracts.Collection]
	for _, owner := range people {
		for _, other := range append(slices.Clone(people), m.odd[contracts.ThirdPartySpender]) {
			for _, token := range m.tokens[:6] {
				m.asked = append(m.asked, fact{kind: viaPermit, asset: token, owner: owner, other: other})
			}
			for _, asset := range []common.Address{manager, single, multi} {
				m.asked = append(m.asked, fact{kind: operates, asset: asset, owner: owner, other: other})
			}
			m.asked = append(m.asked, fact{kind: operates7, asset: m.odd[contracts.OperatorToken], owner: owner, other: other})
		}
		for id := range uint64(4) {
			m.asked = append(m.asked, fact{kind: multiple, asset: multi, owner: owner, id: id + 1})
		}
	}
	for id := range uint64(80) {
		m.asked = append(m.asked, fact{kind: itemOwner, asset: manager, id: m.first + id}, fact{kind: itemHand, asset: manager, id: m.first + id})
	}
	for id := range uint64(4*crowd + 60) {
		m.asked = append(m.asked, fact{kind: itemOwner, asset: single, id: id + 1}, fact{kind: itemHand, asset: single, id: id + 1})
	}
	for _, f := range m.asked {
		if at, _ := f.question(); f.kind != coin && !slices.Contains(m.books, at) {
			m.books = append(m.books, at)
		}
	}
	m.roots, m.facts = make(map[common.Address]common.Hash), make(map[fact]string)
	m.facts = m.look(t, "latest")
}

// surveyor asks many questions at once. Each is an address, a selector, and three arguments of twenty bytes; each answer the first two
// words of what comes back, which are zero where the call fails.
var surveyor = common.HexToAddress("0x5a00000000000000000000000000000000000001")

const surveyorSource = `
	0 0x100                                # place in the questions, and in the answers
loop:
	DUP2 CALLDATASIZE EQ @done JUMPI
	DUP2 CALLDATALOAD 96 SHR               # whom
	DUP3 20 ADD CALLDATALOAD 0 MSTORE
	DUP3 24 ADD CALLDATALOAD 96 SHR 4 MSTORE
	DUP3 44 ADD CALLDATALOAD 96 SHR 0x24 MSTORE
	DUP3 64 ADD CALLDATALOAD 96 SHR 0x44 MSTORE
	0 0x80 MSTORE 0 0xa0 MSTORE
	0x40 0x80 0x64 0 DUP5 500000 STATICCALL
	RETURNDATASIZE 31 LT AND
	DUP1 0x80 MLOAD MUL DUP4 MSTORE
	0xa0 MLOAD MUL DUP3 0x20 ADD MSTORE
	POP 0x40 ADD SWAP1 84 ADD SWAP1 @loop JUMP
done:
	0x100 SWAP1 SUB 0x100 RETURN`

func survey(facts []fact) (questions []byte) {
	for _, f := range facts {
		at, data := f.question()
		questions = append(append(questions, at[:]...), data[:4]...)
		for i := range 3 {
			var arg [20]byte
			if at := 4 + 32*i; at < len(data) {
				copy(arg[:], data[at+12:])
			}
			questions = append(questions, arg[:]...)
		}
	}
	return questions
}

// look asks the chain for all facts. A contract whose storage has the root that it had would say what it said, so it is not asked
// again.
func (m *market) look(t testing.TB, block any) map[fact]string {
	t.Helper()
	type proof struct {
		Root common.Hash `json:"storageHash"`
	}
	proofs, batch := make([]proof, len(m.books)), make([]rpc.BatchElem, len(m.books))
	for i, a := range m.books {
		batch[i] = rpc.BatchElem{Method: "eth_getProof", Args: []any{a, []string{}, block}, Result: &proofs[i]}
	}
	if err := m.rpc.BatchCallContext(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	same := make(map[common.Address]bool)
	for i, a := range m.books {
		if batch[i].Error != nil || proofs[i].Root == (common.Hash{}) {
			t.Fatalf("no root of %s: %v", a, batch[i].Error)
		}
		same[a] = m.roots[a] == proofs[i].Root
		m.roots[a] = proofs[i].Root
	}
	all := maps.Clone(m.facts)
	var ask []fact
	for _, f := range m.asked {
		if at, _ := f.question(); f.kind == coin || !same[at] {
			ask = append(ask, f)
		}
	}
	maps.Copy(all, answers(t, ask, m.ask(t, surveyor, survey(ask), block)))
	return all
}

// answers reads what the surveyor returns. What is zero is "".
func answers(t testing.TB, facts []fact, ret []byte) map[fact]string {
	t.Helper()
	if len(ret) != 64*len(facts) {
		t.Fatal("not every question has an answer")
	}
	all := make(map[fact]string, len(facts))
	for i, f := range facts {
		words := 32
		if f.kind == viaPermit {
			words = 64
		}
		all[f] = string(ret[64*i : 64*i+words])
		if strings.Trim(all[f], "\x00") == "" {
			all[f] = ""
		}
	}
	return all
}
