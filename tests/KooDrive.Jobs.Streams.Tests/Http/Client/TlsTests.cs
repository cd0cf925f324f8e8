using System.Security.Cryptography.X509Certificates;
using KooDrive.Jobs.Streams.Http.Client;
using KooDrive.Jobs.Streams.Tests.Cli;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

/// <summary>Real handshakes that fail: the message contains the cause, and a permanent failure is not retried.</summary>
public class TlsTests
{
    [Fact]
    public async Task GetPageAsync_reads_a_trusted_server()
    {
        await using var server = new TlsServer("localhost");
        using JobsClient client = Trusting(server);

        Assert.Empty((await client.GetAsync()).Jobs);
    }

    [Fact]
    public async Task GetPageAsync_reports_a_certificate_for_another_host_without_a_retry()
    {
        await using var server = new TlsServer("other.example");
        using JobsClient client = Trusting(server);

        await AssertFailsAsync(client, server, "RemoteCertificateNameMismatch", "The certificate is for another host name: check the host of Endpoint.");
    }

    [Fact]
    public async Task GetPageAsync_reports_an_expired_certificate_without_a_retry()
    {
        await using var server = new TlsServer("localhost", TimeProvider.System.GetUtcNow().AddDays(-1));
        using JobsClient client = Trusting(server);

        await AssertFailsAsync(client, server, "NotTimeValid", "The certificate has expired or is not valid yet");
    }

    [Fact]
    public async Task GetPageAsync_reports_an_untrusted_root_without_a_retry()
    {
        await using var server = new TlsServer("localhost", isSelfSigned: true);
        using JobsClient client = TestClients.Create(options => options.Endpoint = server.Endpoint);

        await AssertFailsAsync(client, server, "UntrustedRoot", "The certificate's root is not trusted on this machine");
    }

    [Fact]
    public async Task GetPageAsync_reports_a_server_without_TLS_without_a_retry()
    {
        await using var server = new TlsServer(async (stream, cancellationToken) =>
        {
            _ = await stream.ReadAsync(new byte[4096], cancellationToken);
            await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), cancellationToken);
        });
        using JobsClient client = TestClients.Create(options => options.Endpoint = server.Endpoint);

        await AssertFailsAsync(client, server, "frame", "The server does not seem to support TLS on this port");
    }

    [Fact]
    public async Task GetPageAsync_reports_a_rejected_handshake_without_a_retry()
    {
        await using var server = new TlsServer(async (stream, cancellationToken) =>
        {
            _ = await stream.ReadAsync(new byte[4096], cancellationToken);
            await stream.WriteAsync(new byte[] { 0x15, 3, 1, 0, 2, 2, 0x28 }, cancellationToken);
        });
        using JobsClient client = TestClients.Create(options => options.Endpoint = server.Endpoint);

        await AssertFailsAsync(client, server, "handshake failure", "");
    }

    [Fact]
    public async Task GetPageAsync_retries_when_the_connection_ends_during_the_handshake()
    {
        await using var server = new TlsServer((_, _) => Task.CompletedTask);
        using JobsClient client = TestClients.Create(options =>
        {
            options.Endpoint = server.Endpoint;
            options.RetryDelay = TimeSpan.Zero;
        });

        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(() => client.GetAsync());

        Assert.Equal((false, true), (failure.IsTlsFailure, failure.IsTransient));
        Assert.Equal(5, server.ConnectionCount);
    }

    [Fact]
    public async Task Command_names_the_cause_of_a_TLS_failure_without_verbose()
    {
        await using var server = new TlsServer("localhost");
        var command = new KooJobs
        {
            Variables = new() { ["KOODRIVE_ENDPOINT"] = server.Endpoint.ToString(), ["KOODRIVE_USER_ID"] = "1", ["KOODRIVE_TOKEN"] = TestClients.Token },
        };

        Assert.Equal(1, await command.RunAsync("list"));

        Assert.Contains("PartialChain", command.ErrorText, StringComparison.Ordinal);
        Assert.Single(command.ErrorText.TrimEnd().Split('\n'));
        Assert.Equal(1, server.ConnectionCount);
    }

    private static JobsClient Trusting(TlsServer server)
    {
        System.Net.Http.SocketsHttpHandler handler = ConnectionPool.CreateHandler(TimeSpan.FromMinutes(2));
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { server.Authority! },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        return TestClients.Owning(handler, options => options.Endpoint = server.Endpoint);
    }

    private static async Task AssertFailsAsync(JobsClient client, TlsServer server, string cause, string advice)
    {
        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(() => client.GetAsync(9));

        Assert.Contains(cause, failure.Message, StringComparison.Ordinal);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
        Assert.Equal((true, false, 9L), (failure.IsTlsFailure, failure.IsTransient, failure.Offset));
        Assert.Equal(1, server.ConnectionCount);
    }
}
