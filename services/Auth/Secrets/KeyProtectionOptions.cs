namespace EventFly.Auth.Secrets;

/// <summary>The key that encrypts what is secret in the database. It stands among the settings of the signing keys, which it was made for.</summary>
internal sealed class KeyProtectionOptions
{
    /// <summary>32 bytes in base64. All replicas need the same.</summary>
    public string? EncryptionKey { get; set; }

    /// <summary>
    /// Without <see cref="EncryptionKey"/>: a file of 32 bytes that only the service may read. It is made when it is not there; by default it lies
    /// beside the database file.
    /// </summary>
    public string? EncryptionKeyFile { get; set; }
}
