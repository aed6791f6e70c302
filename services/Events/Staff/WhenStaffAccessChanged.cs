using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Organizations;

namespace EventFly.Events.Staff;

/// <summary>Who works for the organisation may be assigned to its events.</summary>
internal sealed class WhenStaffAccessChanged(Documents<Colleague> colleagues) : IHandle<StaffAccessChanged>
{
    public async Task Handle(StaffAccessChanged message, MessageContext context, CancellationToken cancellationToken)
    {
        var (_, refusal) = await colleagues.Change(Colleague.IdOf(message.StaffId), known => Colleague.Hear(known?.Body, message), cancellationToken);
        if (refusal is not null)
        {
            throw new InvalidOperationException($"The colleague {message.StaffId} was not stored: {refusal.Code}.");
        }
    }
}
