package contracts

// The corpus: contracts that a dry run is held against, each for one thing that contracts do and logs do not tell, or tell late.
// No chain has them unless a test puts them there. The tokens above belong to it too: Token spends an allowance without a log,
// and one of 2^256-1 not at all; SilentToken returns nothing; FeeToken delivers less than was sent.
//
// A constructor with four arguments is a token's as above. The others say what they take.
const (
	// who may move tokens
	CountingToken        Name = "CountingToken"        // each spend logs an Approval, and 2^256-1 is used up too
	DaiToken             Name = "DaiToken"             // permits are for all or nothing
	RebasingToken        Name = "RebasingToken"        // balances are shares (supply; goes to the deployer)
	OperatorToken        Name = "OperatorToken"        // ERC-777: operators and hooks (supply, default operators)
	LyingToken           Name = "LyingToken"           // allowance reverts, or says what lie was told (supply)
	Collectible          Name = "Collectible"          // ERC-721
	Collection           Name = "Collection"           // ERC-1155
	ApprovingConstructor Name = "ApprovingConstructor" // approves before it has code (token, spender, value)
	ApprovingMulticall   Name = "ApprovingMulticall"   // approves inside of a multicall
	ThirdPartySpender    Name = "ThirdPartySpender"    // spends what a third party allowed it

	// who controls a contract, and which code it runs
	Owned            Name = "Owned"            // one owner
	OwnedInTwoSteps  Name = "OwnedInTwoSteps"  // the next owner has to accept
	Roles            Name = "Roles"            // roles, with events
	SilentRoles      Name = "SilentRoles"      // roles, without events
	AdminProxy       Name = "AdminProxy"       // EIP-1967 with an admin (implementation, admin)
	SlotProxy        Name = "SlotProxy"        // EIP-1967, upgraded by what it runs (implementation)
	SelfUpgrading    Name = "SelfUpgrading"    // an implementation that upgrades its proxy (UUPS)
	Beacon           Name = "Beacon"           // says the implementation of many proxies (implementation)
	BeaconProxy      Name = "BeaconProxy"      // asks a beacon (beacon)
	CloneFactory     Name = "CloneFactory"     // EIP-1167
	Destructible     Name = "Destructible"     // any call destroys it; no functions
	Destroyer        Name = "Destroyer"        // creates and destroys in one transaction
	Recreator        Name = "Recreator"        // one address, one code after the other
	Chameleon        Name = "Chameleon"        // what a Recreator creates
	DelegatingWallet Name = "DelegatingWallet" // runs foreign code as its own
	SlotWriter       Name = "SlotWriter"       // the foreign code: writes any slot
	AccountDelegate  Name = "AccountDelegate"  // for EIP-7702: the first caller names a guest

	// who looks for the simulation
	RedPill Name = "RedPill" // a function for each sign (token, thief, prize, loot)

	// how calls fail
	Failing       Name = "Failing"       // each way to fail
	FailingRouter Name = "FailingRouter" // hands a failure on, wraps it, or swallows it
)

// Corpus lists the contracts of the corpus that are not among the tokens.
func Corpus() []Name {
	return []Name{
		CountingToken, DaiToken, RebasingToken, OperatorToken, LyingToken, Collectible, Collection,
		ApprovingConstructor, ApprovingMulticall, ThirdPartySpender,
		Owned, OwnedInTwoSteps, Roles, SilentRoles, AdminProxy, SlotProxy, SelfUpgrading, Beacon, BeaconProxy,
		CloneFactory, Destructible, Destroyer, Recreator, Chameleon, DelegatingWallet, SlotWriter, AccountDelegate,
		RedPill,
		Failing, FailingRouter,
	}
}
