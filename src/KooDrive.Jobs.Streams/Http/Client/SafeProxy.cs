using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// The proxy of the process, with two differences: it is bypassed for loopback addresses, and its address has no user information. HttpClient shows
/// the address in exceptions, and receives the credentials separately.
/// </summary>
/// <param name="system">The proxy of the process, which an application may replace before the first request.</param>
internal sealed class SafeProxy(Func<IWebProxy> system) : IWebProxy
{
    private SafeAddress? _last;

    [SuppressMessage("Design", "CA1065", Justification = "The interface has a setter, but the credentials belong to another object.")]
    public ICredentials? Credentials
    {
        get => system().Credentials;
        set => throw new NotSupportedException();
    }

    public bool IsBypassed(Uri host) => host.IsLoopback || system().IsBypassed(host);

    public Uri? GetProxy(Uri destination)
    {
        if (destination.IsLoopback || system().GetProxy(destination) is not { } address)
        {
            return null;
        }

        if (address.UserInfo.Length == 0)
        {
            return address;
        }

        // Called for each request, usually with the same proxy.
        SafeAddress? last = _last;
        if (last is null || last.Original != address.OriginalString)
        {
            _last = last = new SafeAddress(address.OriginalString, new UriBuilder(address) { UserName = "", Password = "" }.Uri);
        }

        return last.Address;
    }

    private sealed record SafeAddress(string Original, Uri Address);
}
