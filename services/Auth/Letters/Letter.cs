namespace EventFly.Auth.Letters;

/// <summary>
/// What auth writes to people. None has their name in it: it is whatever somebody entered who may not be the owner of the address, and must not become a
/// message from us.
/// </summary>
/// <param name="Kind">For whoever sorts them; no part of the letter.</param>
internal sealed record Letter(string Kind, Mail Mail)
{
    private const string NotYou = "If this was not you, reset your password now: whoever did it can act as you.";

    public static Letter VerifyEmail(string to, string code) => new("verify-email", new Mail(to, "Confirm your e-mail address", $"""
        Welcome to EventFly.

        Your code: {code}

        Enter it within a day to show that this address is yours. If you did not sign up, do nothing; nobody can use this address without the code.
        """));

    public static Letter ChangeEmail(string to, string code) => new("change-email", new Mail(to, "Confirm your new e-mail address", $"""
        Somebody wants to use this address for an EventFly account.

        Your code: {code}

        Enter it within an hour if it was you. If not, do nothing.
        """));

    public static Letter EmailChangeAsked(string to) => new("change-email-asked", new Mail(to, "Your account is to have another e-mail address", $"""
        Somebody who knows your password asked to use another e-mail address for your EventFly account. It changes when they confirm the other address.

        {NotYou}
        """));

    public static Letter EmailChanged(string to) => new("email-changed", new Mail(to, "Your account has another e-mail address now", """
        The e-mail address of your EventFly account was changed. Sign in with the new one from now on; nothing more is sent to this one.

        If this was not you, write to those who run this platform.
        """));

    public static Letter ResetPassword(string to, string code) => new("reset-password", new Mail(to, "Reset your password", $"""
        Somebody asked to reset the password of your EventFly account.

        Your code: {code}

        Enter it within half an hour with a new password. If it was not you, do nothing; your password stays as it is.
        """));

    public static Letter PasswordChanged(string to) => new("password-changed", new Mail(to, "Your password was changed", $"""
        The password of your EventFly account was changed, and other devices were signed out.

        {NotYou}
        """));

    public static Letter UnderAttack(string to) => new("under-attack", new Mail(to, "Somebody is guessing your password", """
        Many wrong passwords were tried at your EventFly account from places that you never signed in from. None was right. We let such places try only now
        and then; where you signed in before, nothing changes for you.

        If you cannot sign in from a new place, reset your password.
        """));

    /// <summary>The organisation's name is the one thing in a letter that somebody else chose: they have shown whose address they write from.</summary>
    public static Letter Invitation(string to, string organization, string code) => new("invitation", new Mail(to, "You are invited to work with an organisation", $"""
        {organization} wants you to work with them on EventFly.

        Your code: {code}

        Enter it within a week with this address. If you have no account yet, you choose a password with it. If you do not know them, do nothing.
        """));

    public static Letter AssignedToEvent(string to, string name) => new("event-staff", new Mail(to, "You work at an event", $"""
        You were assigned to the event {name} on EventFly. Sign in to see what you can do there.
        """));
}
