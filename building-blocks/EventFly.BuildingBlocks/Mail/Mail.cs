namespace EventFly.BuildingBlocks.Mail;

/// <summary>A mail to one person.</summary>
/// <param name="To">One address.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain text.</param>
public sealed record Mail(string To, string Subject, string Text)
{
    /// <summary>Nothing of it: whoever logs or throws one tells nobody an address or a code.</summary>
    public override string ToString() => "a mail";
}
