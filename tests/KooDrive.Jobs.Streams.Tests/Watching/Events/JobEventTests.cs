using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KooDrive.Jobs.Streams.Tests.Watching.Events;

public sealed class JobEventTests
{
    private static readonly Job Running = new() { TaskId = "1", Status = JobStatus.Processing };
    private static readonly Job Done = Running with { Status = JobStatus.Completed, Result = JobResult.AllSucceeded };
    private static readonly Job Other = new() { TaskId = "2" };

    /// <summary>One event of each kind, in the order of the kinds.</summary>
    private static readonly JobEvent[] OneOfEach =
    [
        new JobListed { Job = Running },
        new WatchSynced(),
        new JobAdded { Job = Running },
        new JobChanged { Job = Done, Previous = Running },
        new JobVanished { Job = Running },
        new WatchGap { Reason = WatchGapReason.OrderChanged, Message = "" },
        new PollFailed { Exception = new JobsServerException("down"), ConsecutiveFailureCount = 1, Delay = TimeSpan.Zero },
        new PollCompleted { RequestCount = 0, JobCount = 0, ChangeCount = 0, Duration = TimeSpan.Zero },
    ];

    [Theory]
    [InlineData("JobEvent", "")]
    [InlineData("JobChange", "public override bool JustFinished => true;")]
    public void Hierarchy_rejects_records_of_other_assemblies(string type, string members)
    {
        // A record needs no constructor of its base that other assemblies can call: the copy constructor is one.
        string source = $$"""
            using System.Diagnostics.CodeAnalysis;
            using KooDrive.Jobs.Streams;

            public sealed record Outsider : {{type}}
            {
                [SetsRequiredMembers]
                public Outsider({{type}} original, int number) : base(original) => Number = number;

                public int Number { get; }

                {{members}}
            }
            """;
        CSharpCompilation compilation = Compile(source);

        Assert.Equal(
            "CS0534",
            compilation.GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error)
                .Select(diagnostic => diagnostic.Id)
                .Distinct()
                .Single());
    }

    [Fact]
    public void Hierarchy_has_a_sealed_public_type_for_each_kind()
    {
        IEnumerable<Type> types = typeof(JobEvent).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(JobEvent)) && !type.IsAbstract);

        Assert.All(types, type => Assert.True(type.IsSealed, type.Name));
        Assert.Equal(types.Order(Comparer<Type>.Create(ByName)), OneOfEach.Select(one => one.GetType()).Order(Comparer<Type>.Create(ByName)));
        Assert.Equal(Enum.GetValues<JobEventKind>(), OneOfEach.Select(one => one.Kind));

        static int ByName(Type one, Type other) => string.CompareOrdinal(one.Name, other.Name);
    }

    [Fact]
    public void ToWireName_returns_the_documented_names() => Assert.Equal(
        ["snapshot", "synced", "added", "changed", "vanished", "gap", "pollFailed", "pollCompleted"],
        Enum.GetValues<JobEventKind>().Select(kind => kind.ToWireName()));

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void ToWireName_rejects_values_that_are_not_members(int kind) =>
        Assert.StartsWith(
            "The value is not a member of JobEventKind.",
            Assert.Throws<ArgumentOutOfRangeException>(nameof(kind), () => ((JobEventKind)kind).ToWireName()).Message,
            StringComparison.Ordinal);

    [Fact]
    public void JobChanged_rejects_a_previous_state_of_another_job_in_either_order()
    {
        ArgumentException rejected = Assert.Throws<ArgumentException>("Previous", () => new JobChanged { Job = Done, Previous = Other });
        Assert.StartsWith("The previous state belongs to job 2, not to job 1. Set two states of the same job.", rejected.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("Job", () => new JobChanged { Previous = Other, Job = Done });
    }

    [Fact]
    public void With_rejects_what_the_initializer_rejects()
    {
        var changed = new JobChanged { Job = Done, Previous = Running };
        Assert.Throws<ArgumentException>("Job", () => changed with { Job = Other });
        Assert.Throws<ArgumentException>("Previous", () => changed with { Previous = Other });
        Assert.Throws<ArgumentException>("Previous", () => new JobAdded { Job = Running } with { Previous = Running });
        Assert.Throws<ArgumentException>("Previous", () => new JobVanished { Job = Running } with { Previous = Done });
        Assert.Equal(new JobChanged { Job = Other }, changed with { Previous = null, Job = Other });
    }

    [Theory]
    [InlineData(JobStatus.Completed, JobResult.AllFailed, false, true)]
    [InlineData(JobStatus.Canceled, JobResult.AllSucceeded, true, false)]
    [InlineData(JobStatus.Canceled, JobResult.AllFailed, true, true)]
    [InlineData(JobStatus.Completed, JobResult.AllSucceeded, false, false)]
    public void StatusChanged_and_ResultChanged_compare_with_the_previous_state(JobStatus status, JobResult result, bool statusChanged, bool resultChanged)
    {
        var changed = new JobChanged { Job = Done with { Status = status, Result = result }, Previous = Done };

        Assert.Equal((statusChanged, resultChanged), (changed.StatusChanged, changed.ResultChanged));
        Assert.False((changed with { Previous = null }).StatusChanged);
        Assert.False((changed with { Previous = null }).ResultChanged);
    }

    [Fact]
    public void JobAdded_rejects_a_previous_state()
    {
        ArgumentException rejected = Assert.Throws<ArgumentException>("Previous", () => new JobAdded { Job = Running, Previous = Running });
        Assert.StartsWith(
            "Job 1 was added, so it has no previous state. Use JobChanged for a job that was listed before.", rejected.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("Job", () => new JobAdded { Previous = Running, Job = Running });
        Assert.Null(new JobAdded { Job = Running, Previous = null }.Previous);
    }

    [Fact]
    public void JobVanished_has_the_last_observed_state_as_Job_and_Previous()
    {
        ArgumentException rejected = Assert.Throws<ArgumentException>("Previous", () => new JobVanished { Job = Running, Previous = Other });
        Assert.StartsWith(
            "Job 1 vanished, so its previous state is its last observed state. Leave Previous out, or set it to the same job.", rejected.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("Previous", () => new JobVanished { Job = Running, Previous = Done });

        var vanished = new JobVanished { Job = Running };

        Assert.Same(Running, vanished.Previous);
        Assert.Equal(vanished, new JobVanished { Job = Running, Previous = Running });
        Assert.Equal(vanished.GetHashCode(), new JobVanished { Job = Running, Previous = Running }.GetHashCode());
    }

    [Fact]
    public void Changes_are_equal_when_kind_poll_time_and_states_are_equal()
    {
        var changed = new JobChanged { Job = Done, Previous = Running, Poll = 1 };

        Assert.Equal(changed, new JobChanged { Job = Done with { }, Previous = Running with { }, Poll = 1 });
        Assert.NotEqual(changed, changed with { Poll = 2 });
        Assert.NotEqual(changed, changed with { Previous = null });
        Assert.NotEqual(changed, changed with { Job = Running });
        Assert.NotEqual<JobChange>(new JobAdded { Job = Done }, new JobChanged { Job = Done });
        Assert.False(changed.Equals((JobChange?)null));
    }

    [Fact]
    public void Initializers_reject_null_and_numbers_out_of_range()
    {
        Assert.Throws<ArgumentNullException>("Job", () => new JobListed { Job = null! });
        Assert.Throws<ArgumentNullException>("Job", () => new JobAdded { Job = null! });
        Assert.Throws<ArgumentNullException>("Message", () => new WatchGap { Reason = WatchGapReason.OrderChanged, Message = null! });
        Assert.Throws<ArgumentNullException>("Exception", () => new PollFailed { Exception = null!, ConsecutiveFailureCount = 1, Delay = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>("Poll", () => new WatchSynced { Poll = -1 });
        var failed = (PollFailed)OneOfEach[6];
        Assert.Throws<ArgumentOutOfRangeException>("ConsecutiveFailureCount", () => failed with { ConsecutiveFailureCount = 0 });
        Assert.Throws<ArgumentOutOfRangeException>("Delay", () => failed with { Delay = TimeSpan.FromTicks(-1) });
        var completed = (PollCompleted)OneOfEach[7];
        Assert.Throws<ArgumentOutOfRangeException>("RequestCount", () => completed with { RequestCount = -1 });
        Assert.Throws<ArgumentOutOfRangeException>("JobCount", () => completed with { JobCount = -1 });
        Assert.Throws<ArgumentOutOfRangeException>("ChangeCount", () => completed with { ChangeCount = -1 });
    }

    private static CSharpCompilation Compile(string source) => CSharpCompilation.Create(
        nameof(JobEventTests),
        [CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest), cancellationToken: TestContext.Current.CancellationToken)],
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
}
