package refusal

// Reading and planning.
const (
	NotUnderstood    Reason = "not_understood"    // no planner covers the sentence wholly
	NotAnOrder       Reason = "not_an_order"      // a question, a negation, a report, or pasted text: nothing was asked for
	HostileText      Reason = "hostile_text"      // the text hides characters, mixes scripts, or is far too long
	BadAddress       Reason = "bad_address"       // an address with a wrong checksum or length
	UnknownToken     Reason = "unknown_token"     // no registry or list of the user's names this token on this chain
	AmbiguousToken   Reason = "ambiguous_token"   // two tokens of one symbol
	UnknownChain     Reason = "unknown_chain"     // the config has no such network
	UnknownRecipient Reason = "unknown_recipient" // a name that is not in the address book
	LookAlike        Reason = "look_alike"        // a new contact that could be taken for one that is in the address book
	NotYet           Reason = "not_yet"           // understood, but this version does not do it
	Ungrounded       Reason = "ungrounded"        // a planner named something that the user did not
	ModelFailed      Reason = "model_failed"      // the model was broken, slow, empty, oversized or off its schema
	ModelRemote      Reason = "model_remote"      // the model answers from another machine and that is not allowed
	ModelChanged     Reason = "model_changed"     // the model's digest is not the one that was pinned
	TooManyQuestions Reason = "too_many_questions"
	NeedsAnswer      Reason = "needs_answer" // a question had to be asked and there was nobody to answer
)

// Chain and route.
const (
	RPCDown         Reason = "rpc_down"           // the endpoint does not answer, or answers nonsense
	WrongChain      Reason = "wrong_chain"        // the endpoint serves another chain id than the config says
	ReadOnly        Reason = "read_only"          // something tried to send where nothing may be sent
	NoRoute         Reason = "no_route"           // no pool path between the tokens
	PriceImpact     Reason = "price_impact"       // the trade moves the price more than the limit
	Balance         Reason = "insufficient_funds" // more than the account holds
	NoSimulation    Reason = "no_simulation"      // the dry run could not be made, so the effects are unknown
	Reverted        Reason = "reverted"           // the dry run shows that a call fails
	EffectsMismatch Reason = "effects_mismatch"   // the dry run changes something that the plan does not say
	BadSnapshot     Reason = "bad_snapshot"       // a file of pools that is cut, or has a line that does not say what a line must
)

// Policy, wallet and consent.
const (
	PolicyInvalid     Reason = "policy_invalid"     // the policy file does not load
	UnlimitedApproval Reason = "unlimited_approval" // an allowance without a limit
	UnknownSpender    Reason = "unknown_spender"    // a spender that neither the registry nor the policy names
	UnknownContract   Reason = "unknown_contract"   // a called contract that neither the registry nor the policy names
	NewRecipient      Reason = "new_recipient"      // nothing was ever sent there, and the policy asks or denies
	RecipientDenied   Reason = "recipient_denied"
	TxLimit           Reason = "tx_limit"          // more of a token in one transaction than the policy lets out
	DayLimit          Reason = "day_limit"         // today's outflow of a token would pass its limit
	NoLimit           Reason = "no_limit"          // the policy has no limit for a token that would leave
	ChainDenied       Reason = "chain_denied"      // the policy does not allow this chain
	Slippage          Reason = "slippage"          // more slippage than the policy allows
	FeeCap            Reason = "fee_cap"           // the network fee is above the policy's cap
	OwnershipChange   Reason = "ownership_change"  // the dry run shows a new owner, admin or implementation
	OperatorApproval  Reason = "operator_approval" // setApprovalForAll
	Delegation        Reason = "delegation"        // an EIP-7702 delegation

	LooksForSimulator Reason = "looks_for_simulator" // a contract does something else where it takes a run for a simulation
	ChangesWithTime   Reason = "changes_with_time"   // a while later the same transactions do something else
	EffectsUnknown    Reason = "effects_unknown"     // a part of the effects could not be told
	NeedsApproval     Reason = "needs_approval"      // nobody to approve, and no grant
	ApprovalExpired   Reason = "approval_expired"
	ApprovalUsed      Reason = "approval_used"
	DigestMismatch    Reason = "digest_mismatch" // what would be signed is not what was approved
	Declined          Reason = "declined"
	Locked            Reason = "locked" // wrong password three times, or nobody to ask for it
	NoWallet          Reason = "no_wallet"
	WatchOnly         Reason = "watch_only"  // the account has no key here
	KeyFile           Reason = "key_file"    // a key file that can't be read, or that others can read
	Unconfirmed       Reason = "unconfirmed" // sent, and no receipt in time
	TxFailed          Reason = "tx_failed"   // mined, and it reverted
	TxRejected        Reason = "tx_rejected" // the node refused the transaction, so it was never sent
)

// Price series, for studies of a market.
const (
	BadSeries    Reason = "bad_series"     // a file that is no table of dates and prices
	BadPrice     Reason = "bad_price"      // a price that is no positive, finite number
	SeriesOrder  Reason = "series_order"   // a date that stands twice, or after a later one
	SeriesGap    Reason = "series_gap"     // a price is missing where one is due
	TooFewPrices Reason = "too_few_prices" // a window reaches beyond the series, or holds too little to fit a model
	NoVariance   Reason = "no_variance"    // the market does not move, so that nothing can be told against it
)

// Rewards.
const (
	NoPool          Reason = "no_pool"          // an address that is no pool of Uniswap V2 or V3
	StatePruned     Reason = "state_pruned"     // the endpoint does not have the state of a past block
	NoRepository    Reason = "no_repository"    // a folder that git can't read as a repository
	NoContribution  Reason = "no_contribution"  // a name that is neither a commit nor an annotated tag of one
	BrokenObject    Reason = "broken_object"    // a git object that is not what its id says, or not as git writes it
	Unsigned        Reason = "unsigned"         // a commit or a tag without a signature
	SignatureKind   Reason = "signature_kind"   // a commit or a tag that is signed in a way that is not checked here
	BadSignature    Reason = "bad_signature"    // a signature that does not belong to what it stands under, or is none
	UnlistedKey     Reason = "unlisted_key"     // a sound signature of a key that no contributor has
	BadContributors Reason = "bad_contributors" // a list of contributors that can't be used

	BadEntry         Reason = "bad_entry"         // an entry of a usage ledger that is not canonical, or holds what it may not
	BadSegment       Reason = "bad_segment"       // the same of a segment's head line, or of a closing line
	LedgerBroken     Reason = "ledger_broken"     // a part is missing: the end of a line or of a segment, or a link of a reporter's chain
	LedgerForked     Reason = "ledger_forked"     // a reporter signed two histories
	LedgerIncomplete Reason = "ledger_incomplete" // a closing line says that there is more, or less, or something else
	LedgerTooLarge   Reason = "ledger_too_large"  // more segments than are held in memory
	WrongEpoch       Reason = "wrong_epoch"       // an entry's time is not in the epoch that it stands in
	FutureEpoch      Reason = "future_epoch"      // an epoch that is not over
	EpochClosed      Reason = "epoch_closed"      // an epoch that nothing can be added to any more
	BadRules         Reason = "bad_rules"         // a file that is no file of rules, or one whose bounds do not hold
	UnknownRules     Reason = "unknown_rules"     // rules of a later version than this program knows
	NoEpoch          Reason = "no_epoch"          // an epoch that is too late to be reckoned
	BadScenario      Reason = "bad_scenario"      // a file that is no scenario of a simulation

	LedgerDown  Reason = "ledger_down"  // the database of the usage ledger can't be reached, or not as it is named
	NoReporter  Reason = "no_reporter"  // there is no key to sign what was used with
	NoRoot      Reason = "no_root"      // an epoch for which no root was recorded or published
	RootDiffers Reason = "root_differs" // an epoch was settled, and the root is not the one that was recorded or published
	BadState    Reason = "bad_state"    // what should go on a settlement is no state of one, or one of other rules or of another ledger

	NoRewards      Reason = "no_rewards"       // the network has no contracts of the rewards
	NoClaims       Reason = "no_claims"        // nobody has put the claims of the accepted root here
	StaleClaims    Reason = "stale_claims"     // a file of claims that is not the accepted root's
	NothingToClaim Reason = "nothing_to_claim" // all that was earned has been claimed, or nothing was earned
	NoProposal     Reason = "no_proposal"      // no proposal has that number
	VoteOver       Reason = "vote_over"        // the proposal takes no votes any more
	AlreadyVoted   Reason = "already_voted"
	NoVotingPower  Reason = "no_voting_power" // nothing was locked before the proposal was made
	LockShorter    Reason = "lock_shorter"    // a lock that would end before the one that is there
	LockTooLong    Reason = "lock_too_long"
	StillLocked    Reason = "still_locked" // what is to be withdrawn is locked

	LogsMissing  Reason = "logs_missing"  // an endpoint's logs do not lead to what the contracts hold
	ChainDiffers Reason = "chain_differs" // usage entries that are not what the chain says
)

// The program itself.
const (
	Failed         Reason = "failed" // an error without a better name; never expected
	ConfigInvalid  Reason = "config_invalid"
	DatabaseBusy   Reason = "database_busy"
	DatabaseNewer  Reason = "database_newer"  // written by a newer version
	DatabaseBroken Reason = "database_broken" // damaged, or not a database at all
	Artifacts      Reason = "artifacts_missing"
	Interrupted    Reason = "interrupted"
	Usage          Reason = "usage"
	ToolRefused    Reason = "tool_refused" // a tool without an effect class, of a taken name, or outside its class
)

type entry struct {
	class Class
	hint  string
}

var table = map[Reason]entry{
	NotUnderstood:    {ClassUsage, "say it in one plain sentence: swap 100 USDC to ETH, send 0.1 ETH to 0x…"},
	NotAnOrder:       {ClassUsage, "nothing was drafted; say what you want done in your own words"},
	HostileText:      {ClassUsage, "type the sentence by hand instead of pasting it"},
	BadAddress:       {ClassUsage, "copy the address again, all 42 characters"},
	UnknownToken:     {ClassUsage, "use the token's contract address, or add it to the tokens of your config"},
	AmbiguousToken:   {ClassUsage, "name the token by its contract address"},
	UnknownChain:     {ClassUsage, "see the networks with: keymaker config show"},
	UnknownRecipient: {ClassUsage, "use the full address, or add the name with: keymaker contacts add NAME ADDRESS"},
	LookAlike:        {ClassUsage, "compare every character of the address; if it is right, take the other one out first or choose another name"},
	NotYet:           {ClassUsage, "this version can't do that yet"},
	Ungrounded:       {ClassError, "the planner's answer was thrown away; say it in plainer words"},
	ModelFailed:      {ClassError, "see: keymaker doctor"},
	ModelRemote:      {ClassPolicy, "use a model that runs on this machine, or set model.allow_remote"},
	ModelChanged:     {ClassPolicy, "if you updated the model yourself, pin it again with: keymaker init --repin"},
	TooManyQuestions: {ClassUsage, "start again with the whole wish in one sentence"},
	NeedsAnswer:      {ClassUsage, "say the whole wish in one sentence, or run it in a terminal"},

	RPCDown:         {ClassError, "check the network's rpc in your config with: keymaker doctor"},
	WrongChain:      {ClassError, "the rpc url belongs to another network; correct it in your config"},
	ReadOnly:        {ClassError, "a dry run sends nothing; leave --dry-run away to send"},
	NoRoute:         {ClassError, "try a smaller amount or another token"},
	PriceImpact:     {ClassPolicy, "try a smaller amount, or raise policy limits.price_impact_bps"},
	Balance:         {ClassSimulation, "see what you hold with: keymaker balance"},
	NoSimulation:    {ClassSimulation, "nothing was signed; try again when the rpc answers"},
	Reverted:        {ClassSimulation, "nothing was signed"},
	EffectsMismatch: {ClassPolicy, "nothing was signed; the contract does something else than it says"},
	BadSnapshot:     {ClassUsage, "correct the line, or write the whole file again"},

	PolicyInvalid:     {ClassPolicy, "correct the policy file; nothing is signed until it loads"},
	UnlimitedApproval: {ClassPolicy, "approve the exact amount you need"},
	UnknownSpender:    {ClassPolicy, "add the spender to the policy if you trust it"},
	UnknownContract:   {ClassPolicy, "add the contract to the policy if you trust it"},
	NewRecipient:      {ClassPolicy, "add the recipient to the policy or to your book"},
	RecipientDenied:   {ClassPolicy, "the policy forbids this recipient"},
	TxLimit:           {ClassPolicy, "send less, or raise the token's per_tx in the policy"},
	DayLimit:          {ClassPolicy, "wait until tomorrow, or raise the token's per_day in the policy"},
	NoLimit:           {ClassPolicy, "give the token a limit in the policy"},
	ChainDenied:       {ClassPolicy, "add the chain to the policy's chains"},
	Slippage:          {ClassPolicy, "ask for less slippage, or raise limits.slippage_bps in the policy"},
	FeeCap:            {ClassPolicy, "wait for lower fees, or raise the policy's fee cap"},
	OwnershipChange:   {ClassPolicy, "nothing was signed"},
	OperatorApproval:  {ClassPolicy, "nothing was signed"},
	Delegation:        {ClassPolicy, "nothing was signed"},
	LooksForSimulator: {ClassPolicy, "nothing was signed; the contract hides what it does on the chain"},
	ChangesWithTime:   {ClassPolicy, "sign at once or not at all; what happens depends on when it is mined"},
	EffectsUnknown:    {ClassPolicy, "nothing was signed, because its effects can't be told"},
	NeedsApproval:     {ClassPolicy, "run it in a terminal to approve it"},
	ApprovalExpired:   {ClassPolicy, "ask again; an approval holds for a short time only"},
	ApprovalUsed:      {ClassPolicy, "ask again; an approval holds for one signature"},
	DigestMismatch:    {ClassPolicy, "nothing was signed; ask again"},
	Declined:          {ClassDeclined, "nothing was signed"},
	Locked:            {ClassLocked, "unlock with the right password"},
	NoWallet:          {ClassLocked, "make one with: keymaker init"},
	WatchOnly:         {ClassLocked, "import the key with: keymaker wallet import"},
	KeyFile:           {ClassLocked, "key files must be readable by you alone: chmod 600"},
	Unconfirmed:       {ClassPending, "see: keymaker history"},
	TxFailed:          {ClassError, "the transaction was mined and reverted; see: keymaker history"},
	TxRejected:        {ClassError, "the node refused it; nothing was sent"},

	BadSeries:    {ClassUsage, "each line is a date (2026-01-31) or unix seconds, a comma, and a price; the first line may be a header"},
	BadPrice:     {ClassUsage, "write prices as plain decimals above zero, such as 12.34"},
	SeriesOrder:  {ClassUsage, "sort the file by date, oldest first, and keep one price a date"},
	SeriesGap:    {ClassUsage, "take a source without gaps; nothing is filled in"},
	TooFewPrices: {ClassUsage, "take a longer series, or other windows with --estimation and --window"},
	NoVariance:   {ClassUsage, "take another market index, or none: then returns are held against the token's own mean"},

	NoPool:          {ClassUsage, "name the pool itself, not its token or router, on the network that it is on"},
	StatePruned:     {ClassError, "use the endpoint of an archive node, or begin at a later block"},
	NoRepository:    {ClassUsage, "name the top folder of a git repository with --repo; git must be installed"},
	NoContribution:  {ClassUsage, "name a commit, or an annotated tag of one (git tag -s)"},
	BrokenObject:    {ClassError, "see what is wrong with: git fsck"},
	Unsigned:        {ClassPolicy, "sign it with: git -c gpg.format=ssh commit -S, or tag -s"},
	SignatureKind:   {ClassPolicy, "sign with an SSH key: ssh-ed25519, ecdsa-sha2-nistp256, or ssh-rsa of 2048 bits or more"},
	BadSignature:    {ClassPolicy, "nothing is known of who made this; ask its author to sign it again"},
	UnlistedKey:     {ClassPolicy, "add the key to the list of contributors if you know whose it is"},
	BadContributors: {ClassUsage, "each contributor is a [[contributor]] with key = \"ssh-ed25519 AAAA…\" and address = \"0x…\""},

	BadEntry:         {ClassUsage, "take the ledger from another source; entries are written by programs, to the byte as docs/rewards.md says"},
	BadSegment:       {ClassUsage, "take the ledger from another source; its lines are written by programs, to the byte as docs/rewards.md says"},
	LedgerBroken:     {ClassUsage, "take the whole ledger again, or merge it with one that has what is missing"},
	LedgerForked:     {ClassPolicy, "keep both segments: their signatures prove that the reporter is not to be trusted"},
	LedgerIncomplete: {ClassUsage, "merge the ledger with one that has what is missing, or take it from whoever closed the epoch"},
	LedgerTooLarge:   {ClassError, "ask reporters to put more entries into each segment"},
	WrongEpoch:       {ClassUsage, "see that the rules' start and epoch are those that the ledger was written under"},
	FutureEpoch:      {ClassUsage, "wait until the epoch is over, or name an earlier one"},
	EpochClosed:      {ClassUsage, "report it in the epoch that is open now"},
	BadRules:         {ClassUsage, "correct the line; docs/rewards.md has a whole file of rules"},
	UnknownRules:     {ClassError, "update the program; nothing is settled by rules that it does not know"},
	NoEpoch:          {ClassUsage, "name an earlier epoch"},
	BadScenario:      {ClassUsage, "correct the line; docs/simulation.md says how a scenario is written"},

	LedgerDown:  {ClassError, "see that the database runs, and that rewards.ledger in your config names it"},
	NoReporter:  {ClassLocked, "make one with: keymaker rewards reporter init"},
	NoRoot:      {ClassUsage, "name an epoch whose root is published, or the root itself with --root"},
	RootDiffers: {ClassPolicy, "see that ledger and rules are those that were published; if they are, the published root is wrong: challenge it"},
	BadState:    {ClassUsage, "settle from the first epoch; the result is the same"},

	NoRewards:      {ClassUsage, "name a network that has them, or add their contracts to the network in your config"},
	NoClaims:       {ClassError, "put the file of claims that was settled into the data folder, as rewards/claims-NETWORK.ndjson"},
	StaleClaims:    {ClassError, "take the file of claims of the epoch that was accepted last"},
	NothingToClaim: {ClassUsage, "see what was earned with: keymaker rewards earned"},
	NoProposal:     {ClassUsage, "proposals are numbered from 0; check the number"},
	VoteOver:       {ClassUsage, "nothing was signed; the vote is over"},
	AlreadyVoted:   {ClassUsage, "nothing was signed; an account votes once"},
	NoVotingPower:  {ClassUsage, "lock KEY with: keymaker rewards lock; it counts for the proposals that are made after it"},
	LockShorter:    {ClassUsage, "lock for as long as the lock that is there, or stake without a time"},
	LockTooLong:    {ClassUsage, "lock for four years at most"},
	StillLocked:    {ClassUsage, "wait until the lock is over; see it with: keymaker rewards earned"},
	LogsMissing:    {ClassError, "read from the block of the contracts' deployment on, or an earlier one; if you did, use another endpoint"},
	ChainDiffers:   {ClassPolicy, "settle without the reporters of these entries, and report what nobody reported with: keymaker rewards observe --report"},

	Failed:         {ClassError, "run it again with --verbose, and report it if it stays"},
	ConfigInvalid:  {ClassUsage, "correct the config file, or write a new one with: keymaker init"},
	DatabaseBusy:   {ClassError, "another keymaker is writing; wait for it, or stop it"},
	DatabaseNewer:  {ClassError, "this database was written by a newer keymaker; update the program"},
	DatabaseBroken: {ClassError, "put the file aside and start again: keys are not in it, and the chain knows what was sent"},
	Artifacts:      {ClassError, "fetch the contract artifacts with: make contracts"},
	Interrupted:    {ClassInterrupted, "what was sent is kept; see: keymaker history"},
	Usage:          {ClassUsage, "see: keymaker --help"},
	ToolRefused:    {ClassError, "the tool was not run"},
}

// Reasons lists the whole enum, in no order.
func Reasons() []Reason {
	all := make([]Reason, 0, len(table))
	for r := range table {
		all = append(all, r)
	}
	return all
}
