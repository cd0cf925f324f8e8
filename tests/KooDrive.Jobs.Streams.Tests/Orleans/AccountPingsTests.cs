using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using KooDrive.Jobs.Streams.Diagnostics;
using KooDrive.Jobs.Streams.Recovery;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KooDrive.Jobs.Streams.Tests.Orleans;

public sealed class AccountPingsTests
{
    private readonly FakeCalls _calls = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Add_pings_again_when_the_account_is_added_during_its_ping()
    {
        using var end = new CancellationTokenSource();
        AccountPings pings = Create();
        Task running = pings.RunAsync(end.Token);

        pings.Add("a");
        TaskCompletionSource<SiloAddress?> first = await _calls.NextAsync();
        pings.Add("a");
        pings.Add("a");
        first.SetResult(null);
        (await _calls.NextAsync()).SetResult(null);

        // Another account is processed next, so the ping of the first one is over.
        pings.Add("b");
        (await _calls.NextAsync()).SetResult(null);
        Assert.Equal(["a", "a", "b"], _calls.Accounts);
        await end.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Ping_is_repeated_when_it_fails_and_when_the_account_runs_on_a_silo_that_leaves()
    {
        using var end = new CancellationTokenSource();
        AccountPings pings = Create();
        Task running = pings.RunAsync(end.Token);

        pings.Add("a");
        (await _calls.NextAsync()).SetException(new TimeoutException());
        (await _calls.NextAsync(_time)).SetResult(FakeCalls.Leaving);
        (await _calls.NextAsync(_time)).SetResult(FakeCalls.Active);
        pings.Add("b");
        (await _calls.NextAsync()).SetResult(null);

        Assert.Equal(["a", "a", "a", "b"], _calls.Accounts);
        await end.CancelAsync();
        await running;
    }

    [Fact]
    public async Task IgnoreLateFailure_observes_the_failure_of_a_call_that_is_no_longer_waited_for()
    {
        const string Message = "a late failure of this test";
        bool isRaised = false;
        EventHandler<UnobservedTaskExceptionEventArgs> note = (_, raised) => isRaised |= raised.Exception.InnerException?.Message == Message;
        TaskScheduler.UnobservedTaskException += note;
        try
        {
            await FailLateAsync();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= note;
        }

        Assert.False(isRaised);

        static async Task FailLateAsync()
        {
            var call = new TaskCompletionSource();
            await Assert.ThrowsAsync<TimeoutException>(() => call.Task.IgnoreLateFailure().WaitAsync(TimeSpan.Zero, TestContext.Current.CancellationToken));
            call.SetException(new InvalidOperationException(Message));
        }
    }

    private AccountPings Create() => new(_calls.Grains, _calls.Membership, NullLogger<AccountPings>.Instance, _time);

    /// <summary>Grains and a membership of which a test completes the calls.</summary>
    private sealed class FakeCalls
    {
        public static readonly SiloAddress Active = SiloAddress.FromParsableString("127.0.0.1:1@1");
        public static readonly SiloAddress Leaving = SiloAddress.FromParsableString("127.0.0.1:2@1");

        private readonly System.Threading.Channels.Channel<TaskCompletionSource<SiloAddress?>> _calls =
            System.Threading.Channels.Channel.CreateUnbounded<TaskCompletionSource<SiloAddress?>>();

        public FakeCalls()
        {
            Grains = Fake<IGrainFactory>.Create((method, arguments) => Fake<IAccountRecovery>.Create((_, _) => Ping((string)arguments[0]!)));
            var snapshot = new ClusterMembershipSnapshot(
                System.Collections.Immutable.ImmutableDictionary<SiloAddress, ClusterMember>.Empty
                    .Add(Active, new ClusterMember(Active, SiloStatus.Active, "active"))
                    .Add(Leaving, new ClusterMember(Leaving, SiloStatus.ShuttingDown, "leaving")),
                new MembershipVersion(1));
            Membership = Fake<IClusterMembershipService>.Create((_, _) => snapshot);
        }

        public IGrainFactory Grains { get; }

        public IClusterMembershipService Membership { get; }

        public List<string> Accounts { get; } = [];

        public async Task<TaskCompletionSource<SiloAddress?>> NextAsync(FakeTimeProvider? time = null)
        {
            while (true)
            {
                if (_calls.Reader.TryRead(out TaskCompletionSource<SiloAddress?>? call))
                {
                    return call;
                }

                time?.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }

        private Task<SiloAddress?> Ping(string account)
        {
            lock (Accounts)
            {
                Accounts.Add(account);
            }

            var call = new TaskCompletionSource<SiloAddress?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _calls.Writer.TryWrite(call);
            return call.Task;
        }
    }
}

/// <summary>An implementation of an interface by one function.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "DispatchProxy derives from it.")]
internal class Fake<T> : DispatchProxy
    where T : class
{
    private Func<MethodInfo, object?[], object?>? _invoke;

    public static T Create(Func<MethodInfo, object?[], object?> invoke)
    {
        T fake = DispatchProxy.Create<T, Fake<T>>();
        ((Fake<T>)(object)fake)._invoke = invoke;
        return fake;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _invoke!(targetMethod!, args ?? []);
}
