namespace EventFly.Auth.Accounts;

/// <summary>Names are what people say they are: any letters, at least one, no line breaks or other control characters.</summary>
internal static class PersonName
{
    public const string Pattern = @"^\s*[^\s\p{Cc}][^\p{Cc}]*$";

    public const string Fault = "A name has at least one letter and no control characters.";
}
