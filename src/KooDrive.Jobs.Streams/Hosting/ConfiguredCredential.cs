using Microsoft.Extensions.Configuration;

namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>The credential in the configuration of a client, for applications that register no <see cref="JobsCredential"/>.</summary>
/// <param name="configuration">The section of the client.</param>
internal sealed class ConfiguredCredential(IConfiguration configuration)
{
    public const string Token = "Token";
    public const string AppId = "AppId";
    public const string AppSecret = "AppSecret";

    /// <summary>Every key of a credential.</summary>
    public static string[] Keys { get; } = [Token, AppId, AppSecret];

    /// <summary>Returns the errors, each with the key to set. None contains a value.</summary>
    /// <param name="registration">The code that registers a credential instead.</param>
    public IEnumerable<string> Check(string registration)
    {
        (string? token, string? appId, string? appSecret) = (Value(Token), Value(AppId), Value(AppSecret));
        return (token, appId, appSecret) switch
        {
            (null, null, null) => [$"{Missing(Token)}, or register another credential: {registration}."],
            (not null, not null, _) or (not null, _, not null) => [$"{Path(Token)} and {Path(AppId)} are both set: remove one of them."],
            (null, null, _) => [$"{Missing(AppId)}, next to {Path(AppSecret)}."],
            (null, _, null) => [$"{Missing(AppSecret)}, next to {Path(AppId)}."],
            _ => Rejection(Create),
        };
    }

    /// <summary>Creates the credential. A token is read again after the server has rejected it, because the configuration may have been reloaded.</summary>
    /// <exception cref="ArgumentException">A value has invalid characters.</exception>
    public JobsCredential Create()
    {
        if (Value(Token) is not { } token)
        {
            return new AppCredential(Value(AppId)!, Value(AppSecret)!);
        }

        _ = new AccessTokenCredential(token);
        return new AccessTokenCredential(_ => Value(Token) is { } current
            ? new ValueTask<string>(current)
            : throw new JobsAuthenticationException($"{Missing(Token)}."));
    }

    private string[] Rejection(Func<JobsCredential> create)
    {
        try
        {
            create();
            return [];
        }
        catch (ArgumentException exception)
        {
            string reason = exception.Message.Replace($" (Parameter '{exception.ParamName}')", "", StringComparison.Ordinal);
            return [$"{Path(Value(Token) is null ? AppSecret : Token)} is invalid: {reason}"];
        }
    }

    private string? Value(string key) => configuration[key] is { Length: > 0 } value ? value.Trim() : null;

    private string Missing(string key) =>
        $"{Path(key)} is missing: set it in user secrets, a vault or the environment variable {Path(key).Replace(":", "__", StringComparison.Ordinal)}";

    private string Path(string key) => configuration is IConfigurationSection section ? ConfigurationPath.Combine(section.Path, key) : key;
}
