using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace KooDrive.Jobs.Streams.Emulator.Api;

/// <summary>Creates log entries of requests without secrets.</summary>
internal static class RequestSnapshot
{
    private static readonly FrozenSet<string> SecretHeaders =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Authorization", "Proxy-Authorization", "Cookie");

    public static EmulatorRequest Create(long number, DateTimeOffset receivedAt, HttpRequest request, QueryParameters query) => new()
    {
        Number = number,
        ReceivedAt = receivedAt,
        Method = request.Method,
        Path = request.Path.Value ?? "",
        QueryString = request.QueryString.Value ?? "",
        Offset = query.Integer("offset"),
        Limit = query.Integer("limit"),
        Type = query.Integer("type"),
        Status = query.Integer("status"),
        Headers = request.Headers.ToDictionary(
            header => header.Key,
            header => SecretHeaders.Contains(header.Key) ? "(hidden)" : header.Value.ToString(),
            StringComparer.OrdinalIgnoreCase),
        RequestId = Guid.NewGuid().ToString("N"),
    };
}
