using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using KooDrive.Jobs.Streams.Http.Client;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace KooDrive.Jobs.Streams.Tests.Http.Client;

public class AccessTokenCredentialTests
{
    [Fact]
    public async Task A_fixed_token_that_is_refused_is_final()
    {
        var handler = new StubHandler(_ => StubHandler.Answer(HttpStatusCode.Unauthorized, "{}"));
        using JobsClient client = TestClients.Around(handler);

        await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.Single(handler.Requests);
    }

    [Fact]
    public async Task A_provider_is_asked_once_and_again_after_a_refusal()
    {
        var provider = new Provider();
        using JobsClient client = Client(provider, out TokenHandler server);

        await client.GetAsync();
        await client.GetAsync();
        Assert.Equal(1, provider.Asked);
        server.Accepted = "token-2";
        await client.GetAsync();

        Assert.Equal(2, provider.Asked);
        Assert.Equal(["token-1", "token-1", "token-1", "token-2"], server.Tokens);
    }

    [Fact]
    public async Task A_renewed_token_that_is_refused_too_fails_the_request()
    {
        var provider = new Provider();
        using JobsClient client = Client(provider, out TokenHandler server);
        server.Accepted = "none";

        await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.Equal(["token-1", "token-2"], server.Tokens);
    }

    public static TheoryData<Exception> PassingFailures =>
    [
        new TimeoutException(),
        new TaskCanceledException(),
        new TimeoutRejectedException(),
        new BrokenCircuitException(),
        new HttpIOException(HttpRequestError.ResponseEnded),
        new SocketException((int)SocketError.ConnectionReset),
        new HttpRequestException("no connection"),
        new HttpRequestException("down", null, HttpStatusCode.InternalServerError),
        new HttpRequestException("slow down", null, HttpStatusCode.TooManyRequests),
        new HttpRequestException("late", null, HttpStatusCode.RequestTimeout),
    ];

    public static TheoryData<Exception> LastingFailures =>
    [
        new InvalidOperationException(),
        new ArgumentException("no such secret"),
        new HttpRequestException("wrong password", null, HttpStatusCode.Unauthorized),
        new HttpRequestException("no such user", null, (HttpStatusCode)499),
    ];

    [Theory]
    [MemberData(nameof(PassingFailures), DisableDiscoveryEnumeration = true)]
    public async Task What_may_pass_at_the_providers_source_is_transient(Exception thrown)
    {
        using JobsClient client = TestClients.Around(
            new StubHandler(_ => StubHandler.Page()), credential: new AccessTokenCredential(_ => throw thrown));

        var failure = await Assert.ThrowsAsync<JobsConnectionException>(() => client.GetAsync());

        Assert.True(failure.IsTransient);
        Assert.Same(thrown, failure.InnerException);
        Assert.Equal($"The token provider could not reach its source: {thrown.GetType().Name}.", failure.Message);
    }

    [Fact]
    public void A_provider_that_is_missing_is_refused() =>
        Assert.Throws<ArgumentNullException>("provider", () => new AccessTokenCredential((Func<CancellationToken, ValueTask<string>>)null!));

    [Theory]
    [MemberData(nameof(LastingFailures), DisableDiscoveryEnumeration = true)]
    public async Task What_lasts_at_the_providers_source_is_final(Exception thrown)
    {
        using JobsClient client = TestClients.Around(
            new StubHandler(_ => StubHandler.Page()), credential: new AccessTokenCredential(_ => throw thrown));

        var failure = await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.False(failure.IsTransient);
        Assert.Same(thrown, failure.InnerException);
        Assert.Equal($"The token provider gave no token that can be sent: {thrown.GetType().Name}. See the inner exception.", failure.Message);
    }

    [Fact]
    public async Task A_request_renews_once_its_retries_included()
    {
        var provider = new Provider();
        var handler = new StubHandler(
            _ => StubHandler.Answer(HttpStatusCode.Unauthorized, "{}"),
            _ => StubHandler.Answer(HttpStatusCode.BadGateway, "{}"),
            _ => StubHandler.Answer(HttpStatusCode.Unauthorized, "{}"),
            _ => StubHandler.Page());
        var time = new FakeTimeProvider();

        Task<JobPage> getting = TestClients.Resilient(handler, time, credential: provider.Credential).GetAsync();
        await time.RunAsync(getting, TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<JobsAuthenticationException>(() => getting);
        Assert.Equal((3, 2), (handler.Requests.Count, provider.Asked));
    }

    [Fact]
    public async Task Requests_in_flight_share_one_renewal()
    {
        var provider = new Provider();
        using JobsClient client = Client(provider, out TokenHandler server);
        await client.GetAsync();
        server.Accepted = "token-2";
        provider.Hold();

        var getting = Enumerable.Range(0, 10).Select(i => client.GetAsync(i)).ToArray();
        Assert.All(getting, task => Assert.False(task.IsCompleted));
        provider.Release();
        await Task.WhenAll(getting);

        Assert.Equal(2, provider.Asked);
    }

    [Fact]
    public async Task A_request_refused_with_an_older_token_takes_the_current_one()
    {
        var provider = new Provider();
        AccessTokenCredential credential = provider.Credential;
        RequestAuthorization first = await credential.GetAuthorizationAsync(TestClients.Cancellation);

        Assert.True(credential.Refuse(first));
        RequestAuthorization second = await credential.GetAuthorizationAsync(TestClients.Cancellation);
        Assert.True(credential.Refuse(first));

        Assert.Same(second, await credential.GetAuthorizationAsync(TestClients.Cancellation));
        Assert.Equal(2, provider.Asked);
    }

    [Fact]
    public async Task A_waiter_that_cancels_leaves_the_renewal_to_the_others()
    {
        var provider = new Provider();
        provider.Hold();
        using var cancellation = new CancellationTokenSource();
        Task<RequestAuthorization> leaving = provider.AskAsync(cancellation.Token);
        Task<RequestAuthorization> staying = provider.AskAsync(TestClients.Cancellation);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.False(provider.LastToken.IsCancellationRequested);
        provider.Release();
        await staying;
        Assert.Equal(1, provider.Asked);
    }

    [Fact]
    public async Task The_last_waiter_that_cancels_ends_the_renewal_and_the_next_request_asks_again()
    {
        var provider = new Provider();
        provider.Hold();
        using var cancellation = new CancellationTokenSource();
        Task<RequestAuthorization>[] leaving = [provider.AskAsync(cancellation.Token), provider.AskAsync(cancellation.Token)];

        await cancellation.CancelAsync();

        foreach (Task<RequestAuthorization> waiter in leaving)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter);
        }

        Assert.True(provider.LastToken.IsCancellationRequested);
        provider.Release();
        await provider.AskAsync(TestClients.Cancellation);
        Assert.Equal(2, provider.Asked);
    }

    [Fact]
    public async Task A_provider_that_goes_on_when_given_up_is_not_asked_twice_at_a_time()
    {
        var provider = new Provider { IgnoresCancellation = true };
        provider.Hold();
        using var cancellation = new CancellationTokenSource();
        Task<RequestAuthorization> leaving = provider.AskAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);

        Task<RequestAuthorization> next = provider.AskAsync(TestClients.Cancellation);

        Assert.False(next.IsCompleted);
        Assert.Equal(1, provider.Asked);
        provider.Release();
        await next;
        Assert.Equal(1, provider.Asked);
    }

    [Fact]
    public async Task What_a_provider_throws_fails_all_who_wait_and_the_next_request_asks_again()
    {
        var provider = new Provider();
        provider.Hold();
        using JobsClient client = Client(provider, out TokenHandler server);
        var getting = Enumerable.Range(0, 3).Select(i => client.GetAsync(i)).ToArray();

        provider.Fail(new InvalidOperationException("login failed"));

        var failures = new List<JobsAuthenticationException>();
        foreach (Task<JobPage> task in getting)
        {
            failures.Add(await Assert.ThrowsAsync<JobsAuthenticationException>(() => task));
        }

        Assert.Equal([0, 1, 2], failures.Select(failure => failure.Offset!.Value));
        Assert.All(failures, failure => Assert.Equal("login failed", failure.InnerException!.Message));
        Assert.Empty(server.Tokens);
        Assert.Equal(1, provider.Asked);
        server.Accepted = "token-2";
        await client.GetAsync();
        Assert.Equal(2, provider.Asked);
    }

    [Theory]
    [InlineData(typeof(HttpRequestException), typeof(JobsConnectionException), 5)]
    [InlineData(typeof(TimeoutException), typeof(JobsConnectionException), 5)]
    [InlineData(typeof(TaskCanceledException), typeof(JobsConnectionException), 5)]
    [InlineData(typeof(UnauthorizedAccessException), typeof(JobsAuthenticationException), 1)]
    public async Task A_provider_is_asked_again_only_when_its_failure_may_pass(Type thrown, Type expected, int asked)
    {
        var count = 0;
        var credential = new AccessTokenCredential(_ =>
        {
            count++;
            throw (Exception)Activator.CreateInstance(thrown)!;
        });
        var time = new FakeTimeProvider();

        Task<JobPage> getting = TestClients
            .Resilient(new StubHandler(_ => StubHandler.Page()), time, credential: credential)
            .GetAsync(3);
        await time.RunAsync(getting, TimeSpan.FromSeconds(1));

        var failure = await Assert.ThrowsAnyAsync<JobsException>(() => getting);
        Assert.IsType(expected, failure);
        Assert.IsType(thrown, failure.InnerException);
        Assert.Equal((asked, 3L), (count, failure.Offset));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("line\r\nX-Smuggled: 1")]
    [InlineData("10f88\n")]
    [InlineData("tök")]
    [InlineData("a\0b")]
    public async Task A_token_that_no_header_can_carry_is_refused_and_not_shown(string? token)
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler, credential: new AccessTokenCredential(_ => new ValueTask<string>(token!)));

        var failure = await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.Empty(handler.Requests);
        var refused = Assert.ThrowsAny<ArgumentException>(() => new AccessTokenCredential(token!));
        Assert.Equal("accessToken", refused.ParamName);
        Assert.True(token is null ? refused is ArgumentNullException : refused.Message.Contains("must be trimmed", StringComparison.Ordinal));
        if (!string.IsNullOrWhiteSpace(token))
        {
            Assert.DoesNotContain(token.Trim(), failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("abc/+=.~_-", "Bearer+")]
    [InlineData("abc,\"def;", "")]
    [InlineData("10f88 a544", "Bearer ")]
    public async Task A_token_is_sent_exactly_as_it_is(string token, string prefix)
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(
            handler, options => options.AuthorizationPrefix = prefix, credential: new AccessTokenCredential(token));

        await client.GetAsync();

        Assert.Equal(prefix + token, handler.Header(0, "Authorization"));
    }

    [Fact]
    public void Nothing_shows_the_token()
    {
        JobsCredential credential = new AccessTokenCredential(TestClients.Token);

        Assert.Equal("AccessTokenCredential", credential.ToString());
        Assert.DoesNotContain(TestClients.Token, JsonSerializer.Serialize<object>(credential), StringComparison.Ordinal);
        Assert.DoesNotContain(TestClients.Token, new AccessToken(TestClients.Token).ToString()!, StringComparison.Ordinal);
    }

    private static JobsClient Client(Provider provider, out TokenHandler server)
    {
        var handler = new TokenHandler();
        server = handler;
        return TestClients.Around(handler, credential: provider.Credential);
    }

    /// <summary>Gives token-1, token-2 and so on, when it is let.</summary>
    private sealed class Provider
    {
        private TaskCompletionSource _gate = new();
        private int _asked;

        public Provider()
        {
            Credential = new AccessTokenCredential(GiveAsync);
            _gate.SetResult();
        }

        public AccessTokenCredential Credential { get; }

        public bool IgnoresCancellation { get; init; }

        public int Asked => _asked;

        public CancellationToken LastToken { get; private set; }

        public Task<RequestAuthorization> AskAsync(CancellationToken cancellationToken) =>
            Credential.GetAuthorizationAsync(cancellationToken).AsTask();

        public void Hold() => _gate = new TaskCompletionSource();

        public void Release() => _gate.SetResult();

        public void Fail(Exception exception)
        {
            TaskCompletionSource gate = _gate;
            _gate = new TaskCompletionSource();
            _gate.SetResult();
            gate.SetException(exception);
        }

        private async ValueTask<string> GiveAsync(CancellationToken cancellationToken)
        {
            var number = Interlocked.Increment(ref _asked);
            LastToken = cancellationToken;
            await _gate.Task.WaitAsync(IgnoresCancellation ? CancellationToken.None : cancellationToken);
            return $"token-{number}";
        }
    }

    /// <summary>Accepts one token and answers 401 to others.</summary>
    private sealed class TokenHandler : HttpMessageHandler
    {
        private readonly ConcurrentQueue<string> _tokens = new();

        public string Accepted { get; set; } = "token-1";

        public IEnumerable<string> Tokens => _tokens;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var token = request.Headers.NonValidated["Authorization"].ToString()["Bearer+".Length..];
            _tokens.Enqueue(token);
            return Task.FromResult(token == Accepted ? StubHandler.Page() : StubHandler.Answer(HttpStatusCode.Unauthorized, "{}"));
        }
    }
}
