namespace KooDrive.Jobs.Streams.Errors;

/// <summary>The holder of a secret, which removes it from text.</summary>
internal interface ISecretHolder
{
    /// <summary>Returns text of the server without the secret: some servers repeat in their errors what they reject.</summary>
    public string? Redact(string? text);
}
