using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KooDrive.Jobs.Streams.Tests.Http;

/// <summary>A TLS server on a real socket with a certificate of its own authority, or a server that does something else with each connection.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Func<Stream, CancellationToken, Task> _serve;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;
    private int _connectionCount;

    /// <param name="host">The name in the certificate.</param>
    /// <param name="expiresAt">The end of the certificate's validity; null for tomorrow.</param>
    /// <param name="isSelfSigned">Whether the certificate is its own authority.</param>
    public TlsServer(string host, DateTimeOffset? expiresAt = null, bool isSelfSigned = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Authority = authority.CreateSelfSigned(now.AddYears(-2), now.AddYears(1));

        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest($"CN={host}", leafKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        leaf.CertificateExtensions.Add(names.Build());
        DateTimeOffset start = now.AddYears(-1), end = expiresAt ?? now.AddDays(1);
        using X509Certificate2 issued = leaf.Create(Authority, start, end, [1, 2, 3, 4]);
        using X509Certificate2 withKey = isSelfSigned ? leaf.CreateSelfSigned(start, end) : issued.CopyWithPrivateKey(leafKey);
        _certificate = X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
        _serve = ServeTlsAsync;
        _accepting = StartAsync();
    }

    /// <param name="serve">What the server does with a connection.</param>
    public TlsServer(Func<Stream, CancellationToken, Task> serve)
    {
        _serve = serve;
        _accepting = StartAsync();
    }

    /// <summary>The authority that issued the certificate, which no machine trusts.</summary>
    public X509Certificate2? Authority { get; }

    public Uri Endpoint => new($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int ConnectionCount => Volatile.Read(ref _connectionCount);

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _certificate?.Dispose();
        Authority?.Dispose();
        _stopped.Dispose();
    }

    private Task StartAsync()
    {
        _listener.Start();
        return AcceptAsync();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stopped.Token);
                Interlocked.Increment(ref _connectionCount);
                await ServeAsync(client.GetStream());
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Stream stream)
    {
        try
        {
            await _serve(stream, _stopped.Token);
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client rejected the certificate.
        }
    }

    private async Task ServeTlsAsync(Stream stream, CancellationToken cancellationToken)
    {
        await using var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, cancellationToken);
        _ = await secure.ReadAsync(new byte[4096], cancellationToken);
        await secure.WriteAsync(System.Text.Encoding.ASCII.GetBytes(SocketServer.Ok(StubHandler.EmptyPage)), cancellationToken);
    }
}
