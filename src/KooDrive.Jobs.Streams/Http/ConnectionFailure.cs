using KooDrive.Jobs.Streams.Errors;

namespace KooDrive.Jobs.Streams.Http;

/// <summary>What the network, the secure connection or a proxy threw, as a failure of the request.</summary>
internal static class ConnectionFailure
{
    public static JobsConnectionException Create(Exception exception, in RequestFacts facts) => TlsFailure.FindCause(exception) is { } cause
        ? new JobsConnectionException(FailureText.NotSecure(cause.Message, TlsFailure.Advise(cause.Message), facts), facts, SafeCause(exception)) { IsTlsFailure = true }
        : new JobsConnectionException(FailureText.Broken(exception, facts), facts, SafeCause(exception));

    /// <summary>The exception, as the inner exception of one of the library's; null if any text of it must not be shown.</summary>
    public static Exception? SafeCause(Exception exception) => QuotesTheServer(exception) || SafeText.ShowsUserInfo(exception.ToString()) ? null : exception;

    // What breaks the rules of HTTP is in the message of such an exception as it came, at any length.
    private static bool QuotesTheServer(Exception exception) => exception
        is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse };
}
