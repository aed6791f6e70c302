using EventFly.Auth.Accounts;

namespace EventFly.Auth.Tests.Accounts;

/// <summary>What holds even when the process dies right after it stored a new password.</summary>
public sealed class SessionEpochTests
{
    private static readonly Guid Here = Guid.CreateVersion7();
    private static readonly Guid There = Guid.CreateVersion7();

    private readonly Account ada = new(Guid.CreateVersion7(), "ada@example.org", ["participant"], "Ada", "hash", default);

    [Fact]
    public void A_new_password_spares_the_session_that_set_it_and_no_other()
    {
        var changed = ada.ChangePassword("hash", "new hash", Here, "notice").Body!;

        Assert.True(ada.Admits(There, ada.SessionEpoch));
        Assert.True(changed.Admits(Here, ada.SessionEpoch));
        Assert.False(changed.Admits(There, ada.SessionEpoch));
        Assert.True(changed.Admits(Guid.CreateVersion7(), changed.SessionEpoch));
    }

    [Fact]
    public void A_password_that_was_changed_in_the_meantime_is_not_overwritten()
    {
        Assert.Equal("password-changed", ada.ChangePassword("older hash", "new hash", Here, "notice").Refusal?.Code);
        Assert.Null(ada.Rehash("older hash", "new hash").Body);
    }
}
