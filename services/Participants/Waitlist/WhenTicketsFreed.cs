using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;

namespace EventFly.Participants.Waitlist;

internal sealed class WhenTicketsFreed(MakeOffers offers) : IHandle<TicketsFreed>
{
    public Task Handle(TicketsFreed message, MessageContext context, CancellationToken cancellationToken) => offers.For(message.EventId, cancellationToken);
}
