namespace EventFly.Payments.Processor;

public abstract record PaymentDetailsResult
{
    private PaymentDetailsResult()
    {
    }

    public sealed record Valid : PaymentDetailsResult;

    /// <summary>Good as far as the bank says; it wants the buyer to authenticate when paying.</summary>
    public sealed record RequiresAuthentication : PaymentDetailsResult;

    public sealed record Invalid(string Code, string Message, string? DeclineCode) : PaymentDetailsResult;
}
