using System.Net;
using System.Net.Sockets;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// Connects to the first address of a host that accepts (RFC 8305, "Happy Eyeballs"): while an address neither accepts nor rejects, the next
/// address is tried in parallel. Thread-safe.
/// </summary>
/// <param name="resolve">Resolves the addresses of a host, in order of preference.</param>
/// <param name="connect">Connects to one address.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class HappyEyeballsConnector(
    Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPEndPoint, CancellationToken, Task<Stream>> connect, TimeProvider timeProvider)
{
    // The "Connection Attempt Delay" that the RFC recommends.
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    public static HappyEyeballsConnector Default { get; } = new(Dns.GetHostAddressesAsync, ConnectSocketAsync, TimeProvider.System);

    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);

    /// <exception cref="SocketException">No address accepted. The exception is that of the first address that failed.</exception>
    public async ValueTask<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = new Queue<IPAddress>(Interleave(await resolve(host, cancellationToken).ConfigureAwait(false)));
        if (addresses.Count == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var attempts = new List<Task<Stream>>();
        Task<Stream>? firstFailed = null;
        try
        {
            while (addresses.Count > 0 || attempts.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (addresses.TryDequeue(out IPAddress? address))
                {
                    attempts.Add(connect(new IPEndPoint(address, port), losers.Token));
                }

                if (await FinishOneAsync(attempts, addresses.Count > 0, losers.Token).ConfigureAwait(false) is not { } finished)
                {
                    continue;
                }

                attempts.Remove(finished);
                if (finished.IsCompletedSuccessfully)
                {
                    return await finished.ConfigureAwait(false);
                }

                // Observes the exception, which is thrown only for the first failed attempt.
                _ = finished.Exception;
                firstFailed ??= finished;
            }

            return await firstFailed!.ConfigureAwait(false);
        }
        finally
        {
            await losers.CancelAsync().ConfigureAwait(false);
            foreach (Task<Stream> loser in attempts)
            {
                _ = DiscardAsync(loser);
            }
        }
    }

    /// <summary>Connects a socket that its stream owns.</summary>
    public static async Task<Stream> ConnectSocketAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the end of one attempt. Returns null when the next address is due before.</summary>
    private async Task<Task<Stream>?> FinishOneAsync(List<Task<Stream>> attempts, bool hasNext, CancellationToken cancellationToken)
    {
        Task<Task<Stream>> any = Task.WhenAny(attempts);
        if (!hasNext || any.IsCompleted)
        {
            return await any.ConfigureAwait(false);
        }

        using var due = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(AttemptDelay, timeProvider, due.Token);
        Task first = await Task.WhenAny(any, delay).ConfigureAwait(false);
        await due.CancelAsync().ConfigureAwait(false);
        return first == any ? await any.ConfigureAwait(false) : null;
    }

    /// <summary>Alternates the address families, so that a family without a route delays the other by only one attempt.</summary>
    private static IEnumerable<IPAddress> Interleave(IPAddress[] addresses)
    {
        IPAddress[] first = [.. addresses.Where(address => address.AddressFamily == addresses[0].AddressFamily)];
        IPAddress[] second = [.. addresses.Except(first)];
        for (int i = 0; i < Math.Max(first.Length, second.Length); i++)
        {
            foreach (IPAddress[] family in (IPAddress[][])[first, second])
            {
                if (i < family.Length)
                {
                    yield return family[i];
                }
            }
        }
    }

    private static async Task DiscardAsync(Task<Stream> loser)
    {
        try
        {
            Stream stream = await loser.ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Another address accepted, or the caller canceled: the failure of this attempt has no effect.
        }
    }
}
