using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Participants;

namespace EventFly.Participants.Waitlist;

/// <summary>From now on the event is looked at.</summary>
internal sealed class WhenWaitlistJoined(MakeOffers offers) : IHandle<WaitlistJoined>
{
    public Task Handle(WaitlistJoined message, MessageContext context, CancellationToken cancellationToken) => offers.For(message.EventId, cancellationToken);
}
