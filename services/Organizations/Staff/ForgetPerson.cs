using EventFly.BuildingBlocks.Documents;

namespace EventFly.Organizations.Staff;

/// <summary>
/// Somebody's account is deleted: they work nowhere any more, and their name and address are gone. The audit trail names people by id only, so it keeps that
/// something was done, and nobody can tell any more by whom.
/// </summary>
internal sealed class ForgetPerson(Documents<Team> teams, ChangeTeam change, TimeProvider clock)
{
    private const int PageSize = 200;

    /// <summary>In every organisation. Asking again changes nothing.</summary>
    public async Task Everywhere(Guid accountId, CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var page = await teams.Query(new Query([new Where.Eq("accounts", accountId.ToString())], [], PageSize, after), cancellationToken);
            foreach (var team in page.Items)
            {
                var (_, refusal) = await change.Do(team.Body.OrganizationId, (current, _) => current.Forget(accountId, clock.GetUtcNow()), cancellationToken);
                if (refusal is not null)
                {
                    throw new InvalidOperationException($"{accountId} could not be forgotten in {team.Body.OrganizationId}: {refusal.Code}.");
                }
            }

            after = page.Next;
        }
        while (after is not null);
    }
}
