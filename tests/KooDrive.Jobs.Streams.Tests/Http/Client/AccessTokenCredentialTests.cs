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
    public async Task GetPageAsync_does_not_show_a_token_that_the_server_repeats_percent_encoded()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.Unauthorized, """{"code":"KD.0401","msg":"token=secret%2btoken%2F1 has expired"}"""));
        using JobsClient client = TestClients.Around(handler, _ => { }, credential: new AccessTokenCredential("secret+token/1"));

        JobsException exception = await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.Contains("token=[token] has expired", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetPageAsync_does_not_retry_a_rejected_fixed_token()
    {
        var handler = new StubHandler(_ => StubHandler.Respond(HttpStatusCode.Unauthorized, "{}"));
        using JobsClient client = TestClients.Around(handler);

        await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.Single(handler.Requests);
    }

    [Fact]
    public async Task Provider_is_called_once_and_again_after_a_401()
    {
        var provider = new Provider();
        using JobsClient client = Client(provider, out TokenHandler server);

        await client.GetAsync();
        await client.GetAsync();
        Assert.Equal(1, provider.CallCount);
        server.Accepted = "token-2";
        await client.GetAsync();

        Assert.Equal(2, provider.CallCount);
        Assert.Equal(["token-1", "token-1", "token-1", "token-2"], server.Tokens);
    }

    [Fact]
    public async Task GetPageAsync_throws_when_the_renewed_token_is_rejected_too()
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
    public async Task GetPageAsync_throws_a_transient_error_when_the_provider_fails_transiently(Exception thrown)
    {
        using JobsClient client = TestClients.Around(
            new StubHandler(_ => StubHandler.Page()), credential: new AccessTokenCredential(_ => throw thrown));

        JobsConnectionException failure = await Assert.ThrowsAsync<JobsConnectionException>(() => client.GetAsync());

        Assert.True(failure.IsTransient);
        Assert.Same(thrown, failure.InnerException);
        Assert.Equal($"The token provider failed with a transient error ({thrown.GetType().Name}). Retry later.", failure.Message);
    }

    [Fact]
    public void Constructor_rejects_a_null_provider() =>
        Assert.Throws<ArgumentNullException>("provider", () => new AccessTokenCredential((Func<CancellationToken, ValueTask<string>>)null!));

    [Theory]
    [MemberData(nameof(LastingFailures), DisableDiscoveryEnumeration = true)]
    public async Task GetPageAsync_throws_a_non_transient_error_when_the_provider_fails_otherwise(Exception thrown)
    {
        using JobsClient client = TestClients.Around(
            new StubHandler(_ => StubHandler.Page()), credential: new AccessTokenCredential(_ => throw thrown));

        JobsAuthenticationException failure = await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.False(failure.IsTransient);
        Assert.Same(thrown, failure.InnerException);
        Assert.Equal(
            $"The token provider threw an exception of type {thrown.GetType().Name}. Correct the provider; the inner exception has the details.", failure.Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("s3cret\n")]
    public async Task GetPageAsync_states_the_rule_when_the_provider_returns_an_invalid_token(string? token)
    {
        using JobsClient client = TestClients.Around(
            new StubHandler(_ => StubHandler.Page()), credential: new AccessTokenCredential(_ => new ValueTask<string>(token!)));

        JobsAuthenticationException failure = await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.StartsWith("The token provider returned an invalid token. A token must not be empty and must contain only visible ASCII", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("Correct the provider, and trim a token that is read from a file.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal((0, false), (failure.Offset, failure.IsTransient));
    }

    [Fact]
    public async Task GetPageAsync_refers_to_no_inner_exception_when_it_shows_a_password()
    {
        using JobsClient client = TestClients.Around(
            new StubHandler(_ => StubHandler.Page()),
            credential: new AccessTokenCredential(_ => throw new InvalidOperationException("no vault at https://user:s3cret@vault.example")));

        JobsAuthenticationException failure = await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.Equal("The token provider threw an exception of type InvalidOperationException. Correct the provider.", failure.Message);
        Assert.Null(failure.InnerException);
    }

    [Fact]
    public async Task GetPageAsync_renews_the_token_once_including_retries()
    {
        var provider = new Provider();
        var handler = new StubHandler(
            _ => StubHandler.Respond(HttpStatusCode.Unauthorized, "{}"),
            _ => StubHandler.Respond(HttpStatusCode.BadGateway, "{}"),
            _ => StubHandler.Respond(HttpStatusCode.Unauthorized, "{}"),
            _ => StubHandler.Page());
        var time = new FakeTimeProvider();

        Task<JobPage> getting = TestClients.Resilient(handler, time, credential: provider.Credential).GetAsync();
        await time.RunAsync(getting, TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<JobsAuthenticationException>(() => getting);
        Assert.Equal((3, 2), (handler.Requests.Count, provider.CallCount));
    }

    [Fact]
    public async Task Provider_is_called_once_for_all_requests_in_flight()
    {
        var provider = new Provider();
        using JobsClient client = Client(provider, out TokenHandler server);
        await client.GetAsync();
        server.Accepted = "token-2";
        provider.Hold();

        Task<JobPage>[] getting = Enumerable.Range(0, 10).Select(i => client.GetAsync(i)).ToArray();
        Assert.All(getting, task => Assert.False(task.IsCompleted));
        provider.Release();
        await Task.WhenAll(getting);

        Assert.Equal(2, provider.CallCount);
    }

    [Fact]
    public async Task GetPageAsync_uses_the_current_token_when_an_older_one_was_rejected()
    {
        var provider = new Provider();
        AccessTokenCredential credential = provider.Credential;
        RequestAuthorization first = await credential.GetAuthorizationAsync(TestClients.Cancellation);

        Assert.True(credential.Reject(first));
        RequestAuthorization second = await credential.GetAuthorizationAsync(TestClients.Cancellation);
        Assert.True(credential.Reject(first));

        Assert.Same(second, await credential.GetAuthorizationAsync(TestClients.Cancellation));
        Assert.Equal(2, provider.CallCount);
    }

    [Fact]
    public async Task Provider_continues_when_one_of_several_callers_cancels()
    {
        var provider = new Provider();
        provider.Hold();
        using var cancellation = new CancellationTokenSource();
        Task<RequestAuthorization> canceled = provider.RequestAsync(cancellation.Token);
        Task<RequestAuthorization> waiting = provider.RequestAsync(TestClients.Cancellation);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        Assert.False(provider.LastToken.IsCancellationRequested);
        provider.Release();
        await waiting;
        Assert.Equal(1, provider.CallCount);
    }

    [Fact]
    public async Task Provider_is_canceled_when_the_last_caller_cancels()
    {
        var provider = new Provider();
        provider.Hold();
        using var cancellation = new CancellationTokenSource();
        Task<RequestAuthorization>[] canceled = [provider.RequestAsync(cancellation.Token), provider.RequestAsync(cancellation.Token)];

        await cancellation.CancelAsync();

        foreach (Task<RequestAuthorization> waiter in canceled)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter);
        }

        Assert.True(provider.LastToken.IsCancellationRequested);
        provider.Release();
        await provider.RequestAsync(TestClients.Cancellation);
        Assert.Equal(2, provider.CallCount);
    }

    [Fact]
    public async Task Provider_is_never_called_concurrently_even_after_cancellation()
    {
        var provider = new Provider { IgnoresCancellation = true };
        provider.Hold();
        using var cancellation = new CancellationTokenSource();
        Task<RequestAuthorization> canceled = provider.RequestAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);

        Task<RequestAuthorization> next = provider.RequestAsync(TestClients.Cancellation);

        Assert.False(next.IsCompleted);
        Assert.Equal(1, provider.CallCount);
        provider.Release();
        await next;
        Assert.Equal(1, provider.CallCount);
    }

    [Fact]
    public async Task Provider_error_fails_all_waiting_requests_and_is_not_kept()
    {
        var provider = new Provider();
        provider.Hold();
        using JobsClient client = Client(provider, out TokenHandler server);
        Task<JobPage>[] getting = Enumerable.Range(0, 3).Select(i => client.GetAsync(i)).ToArray();

        provider.Fail(new InvalidOperationException("login failed"));

        var failures = new List<JobsAuthenticationException>();
        foreach (Task<JobPage> task in getting)
        {
            failures.Add(await Assert.ThrowsAsync<JobsAuthenticationException>(() => task));
        }

        Assert.Equal([0, 1, 2], failures.Select(failure => failure.Offset!.Value));
        Assert.All(failures, failure => Assert.Equal("login failed", failure.InnerException!.Message));
        Assert.Empty(server.Tokens);
        Assert.Equal(1, provider.CallCount);
        server.Accepted = "token-2";
        await client.GetAsync();
        Assert.Equal(2, provider.CallCount);
    }

    [Theory]
    [InlineData(typeof(HttpRequestException), typeof(JobsConnectionException), 5)]
    [InlineData(typeof(TimeoutException), typeof(JobsConnectionException), 5)]
    [InlineData(typeof(TaskCanceledException), typeof(JobsConnectionException), 5)]
    [InlineData(typeof(UnauthorizedAccessException), typeof(JobsAuthenticationException), 1)]
    public async Task Provider_is_called_again_only_after_a_transient_error(Type thrown, Type expected, int expectedCalls)
    {
        int count = 0;
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

        JobsException failure = await Assert.ThrowsAnyAsync<JobsException>(() => getting);
        Assert.IsType(expected, failure);
        Assert.IsType(thrown, failure.InnerException);
        Assert.Equal((expectedCalls, 3L), (count, failure.Offset));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("line\r\nX-Smuggled: 1")]
    [InlineData("10f88\n")]
    [InlineData("tök")]
    [InlineData("a\0b")]
    public async Task Constructor_rejects_a_token_with_invalid_characters_without_showing_it(string? token)
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(handler, credential: new AccessTokenCredential(_ => new ValueTask<string>(token!)));

        JobsAuthenticationException failure = await Assert.ThrowsAsync<JobsAuthenticationException>(() => client.GetAsync());

        Assert.Empty(handler.Requests);
        ArgumentException rejected = Assert.ThrowsAny<ArgumentException>(() => new AccessTokenCredential(token!));
        Assert.Equal("accessToken", rejected.ParamName);
        Assert.True(token is null ? rejected is ArgumentNullException : rejected.Message.Contains("Trim a token", StringComparison.Ordinal));
        if (!string.IsNullOrWhiteSpace(token))
        {
            Assert.DoesNotContain(token.Trim(), failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("abc/+=.~_-", "Bearer+")]
    [InlineData("abc,\"def;", "")]
    [InlineData("10f88 a544", "Bearer ")]
    public async Task GetPageAsync_sends_the_token_unchanged(string token, string prefix)
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        using JobsClient client = TestClients.Around(
            handler, options => options.AuthorizationPrefix = prefix, credential: new AccessTokenCredential(token));

        await client.GetAsync();

        Assert.Equal(prefix + token, handler.Header(0, "Authorization"));
    }

    [Fact]
    public void ToString_and_debugger_do_not_show_the_token()
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

    /// <summary>Returns token-1, token-2 and so on, when the test opens the gate.</summary>
    private sealed class Provider
    {
        private TaskCompletionSource _gate = new();
        private int _callCount;

        public Provider()
        {
            Credential = new AccessTokenCredential(GiveAsync);
            _gate.SetResult();
        }

        public AccessTokenCredential Credential { get; }

        public bool IgnoresCancellation { get; init; }

        public int CallCount => _callCount;

        public CancellationToken LastToken { get; private set; }

        public Task<RequestAuthorization> RequestAsync(CancellationToken cancellationToken) =>
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
            int number = Interlocked.Increment(ref _callCount);
            LastToken = cancellationToken;
            await _gate.Task.WaitAsync(IgnoresCancellation ? CancellationToken.None : cancellationToken);
            return $"token-{number}";
        }
    }

    /// <summary>Accepts one token and responds with 401 to others.</summary>
    private sealed class TokenHandler : HttpMessageHandler
    {
        private readonly ConcurrentQueue<string> _tokens = new();

        public string Accepted { get; set; } = "token-1";

        public IEnumerable<string> Tokens => _tokens;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string token = request.Headers.NonValidated["Authorization"].ToString()["Bearer+".Length..];
            _tokens.Enqueue(token);
            return Task.FromResult(token == Accepted ? StubHandler.Page() : StubHandler.Respond(HttpStatusCode.Unauthorized, "{}"));
        }
    }
}
