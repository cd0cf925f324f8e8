using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace KooDrive.Jobs.Streams.Http.Client;

/// <summary>
/// The process's proxy, with two differences: loopback addresses never go through it, and its address has no user information. HttpClient shows
/// that address in exceptions, and its credentials are passed apart from it.
/// </summary>
/// <param name="system">The process's proxy, which an application may replace before the first request.</param>
internal sealed class SafeProxy(Func<IWebProxy> system) : IWebProxy
{
    private SafeAddress? _last;

    [SuppressMessage("Design", "CA1065", Justification = "The interface has a setter, and these credentials are another object's.")]
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

        // Each request comes here, and mostly there is one proxy.
        SafeAddress? last = _last;
        if (last is null || last.Original != address.OriginalString)
        {
            _last = last = new SafeAddress(address.OriginalString, new UriBuilder(address) { UserName = "", Password = "" }.Uri);
        }

        return last.Address;
    }

    private sealed record SafeAddress(string Original, Uri Address);
}
