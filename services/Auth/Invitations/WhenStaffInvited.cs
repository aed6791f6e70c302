using EventFly.Auth.Codes;
using EventFly.Auth.Letters;
using EventFly.BuildingBlocks.Documents;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Organizations;

namespace EventFly.Auth.Invitations;

/// <summary>
/// Somebody who is invited gets a code by mail. No account is made for them before they enter it: an address that nobody has shown to be theirs must not be taken
/// from its owner.
/// </summary>
internal sealed partial class WhenStaffInvited(
    Documents<Invitation> invitations, OneTimeCodes codes, Post post, ILogger<WhenStaffInvited> log) : IHandle<StaffInvited>
{
    public async Task Handle(StaffInvited message, MessageContext context, CancellationToken cancellationToken)
    {
        if (!EmailAddress.TryNormalize(message.Email, out var email))
        {
            NoAddress(log, message.StaffId);
            return;
        }

        var (code, written) = codes.Make(CodePurpose.Invitation, Invitation.CodeTime);
        var mail = post.Letter(Letter.Invitation(email, message.OrganizationName, written));
        var (_, refusal) = await invitations.Change(
            Invitation.IdOf(message.StaffId),
            current => Invitation.Of(current?.Body, message.StaffId, message.OrganizationId).Invite(message, email, code, mail),
            cancellationToken);
        if (refusal is not null)
        {
            throw new InvalidOperationException($"The invitation {message.StaffId} was not stored: {refusal.Code}.");
        }
    }

    [LoggerMessage(LogLevel.Error, "The invitation {StaffId} has an address that no mail can be sent to; nobody is written to.")]
    private static partial void NoAddress(ILogger log, Guid staffId);
}
