using System.Collections.Immutable;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Documents;
using EventFly.Contracts.Participants;
using EventFly.Participants.Orders;

namespace EventFly.Participants.Tickets;

/// <summary>A ticket on its way to somebody. Whoever shows the code gets it.</summary>
/// <param name="CodeHash">Of the secret that its holder passes on; the secret itself is kept nowhere.</param>
/// <param name="RecipientId">The one account that may take it; null: whoever has the code.</param>
internal sealed record TransferOffer(Guid TransferId, string CodeHash, Guid? RecipientId, DateTimeOffset OfferedAt, DateTimeOffset Until);

/// <summary>A ticket went from one to another.</summary>
internal sealed record Handover(Guid TransferId, string CodeHash, Guid From, Guid To, DateTimeOffset At);

internal sealed partial record Ticket
{
    public const int MostHandovers = 10;

    /// <summary>Whose it is, once it was handed over.</summary>
    public Guid? HolderId { get; init; }

    public TransferOffer? Offer { get; init; }

    /// <summary>Its history of holders, the oldest first.</summary>
    public ImmutableList<Handover> Handovers { get; init; } = [];

    public IReadOnlyList<Answer> Answers { get; init; } = [];

    /// <summary>Whose it is. Money for it goes back to the buyer all the same.</summary>
    public Guid Holder => HolderId ?? BuyerId;

    /// <summary>What the code of the last transfer is looked up by.</summary>
    private string? TransferHash => Offer?.CodeHash ?? (Handovers.IsEmpty ? null : Handovers[^1].CodeHash);

    /// <summary>The same transfer again gets a fresh code, and the one before is dead.</summary>
    public Change<Ticket> OfferTo(Guid by, TransferOffer offer, DateTimeOffset now) => this switch
    {
        _ when by != Holder => TicketUnknown,
        { IsVoid: true } => IsVoidAlready,
        _ when Handovers.Exists(handover => handover.TransferId == offer.TransferId) =>
            Refusal.Conflict("transfer-id-taken", "This transfer is over. Use a fresh transfer id."),
        { Offer: { } open } when open.TransferId != offer.TransferId && open.Until > now =>
            Refusal.Conflict("transfer-open", "This ticket is offered already. Withdraw that first."),
        { Handovers.Count: >= MostHandovers } => Refusal.Conflict("too-many-transfers", "This ticket was handed over too often."),
        _ => this with { Offer = offer },
    };

    public Change<Ticket> Withdraw(Guid by, Guid transferId) => this switch
    {
        _ when by != Holder => TicketUnknown,
        { Offer: { } open } when open.TransferId == transferId => this with { Offer = null },
        _ => Decision.Nothing,
    };

    /// <summary>The ticket gets a holder and a code of its own. The old code admits nobody from this moment on.</summary>
    /// <param name="sign">Makes the code of a version.</param>
    public Change<Ticket> Accept(
        string codeHash, Guid by, string name, string email, IReadOnlyList<Answer> answers, Func<int, string> sign, DateTimeOffset now) => this switch
        {
            _ when HasTaken(codeHash, by) => Decision.Nothing,
            { Offer: null } => TransferUnknown,
            { Offer: { } open } when open.CodeHash != codeHash || (open.RecipientId is { } only && only != by) => TransferUnknown,
            { IsVoid: true } => IsVoidAlready,
            { Offer.Until: var until } when now >= until => Refusal.Conflict("transfer-expired", "The offer of this ticket is over. Ask for another."),
            _ when by == Holder => Refusal.Conflict("transfer-to-self", "This ticket is yours already."),
            _ => Change.To(
                this with
                {
                    HolderId = by, AttendeeName = name, AttendeeEmail = email, Answers = answers, Offer = null,
                    CodeVersion = CodeVersion + 1, Code = sign(CodeVersion + 1),
                    Handovers = Handovers.Add(new Handover(Offer!.TransferId, codeHash, Holder, by, now)),
                },
                new TicketTransferred(TicketId, OrderId, EventId, OrganizationId, Holder, by, name, email, CodeVersion + 1, now)),
        };

    /// <summary>Whether this code was taken by the one who shows it.</summary>
    public bool HasTaken(string codeHash, Guid by) => !Handovers.IsEmpty && Handovers[^1].CodeHash == codeHash && Handovers[^1].To == by;

    /// <summary>In line with its order: but what an order does not know of yet, the last handover, stays.</summary>
    public Ticket InLineWith(OrderedTicket ordered, long revision)
    {
        var current = this with { IsVoid = ordered.IsVoid, OrderRevision = revision };
        return ordered.Handovers < Handovers.Count
            ? current
            : current with { AttendeeName = ordered.AttendeeName, AttendeeEmail = ordered.AttendeeEmail, Answers = ordered.Answers };
    }

    internal static Refusal TicketUnknown { get; } = Refusal.NotFound("ticket-unknown", "There is no such ticket.");

    internal static Refusal TransferUnknown { get; } = Refusal.NotFound("transfer-unknown", "There is no ticket for this code, or it was taken or withdrawn.");

    private static Refusal IsVoidAlready { get; } = Refusal.Conflict("ticket-void", "This ticket was refunded or cancelled.");
}
