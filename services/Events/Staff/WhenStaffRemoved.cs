using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Organizations;

namespace EventFly.Events.Staff;

/// <summary>Who left the organisation is off all its events.</summary>
internal sealed class WhenStaffRemoved(Documents<Colleague> colleagues, LeaveCrews leave) : IHandle<StaffRemoved>
{
    public async Task Handle(StaffRemoved message, MessageContext context, CancellationToken cancellationToken)
    {
        var (colleague, refusal) = await colleagues.Change(Colleague.IdOf(message.StaffId), known => Colleague.Hear(known?.Body, message), cancellationToken);
        if (refusal is not null)
        {
            throw new InvalidOperationException($"That {message.StaffId} left was not stored: {refusal.Code}.");
        }

        if (colleague?.Body.AccountId is { } account)
        {
            await leave.All(account, message.OrganizationId, cancellationToken);
        }
    }
}
