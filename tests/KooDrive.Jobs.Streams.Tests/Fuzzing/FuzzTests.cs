using System.Globalization;
using KooDrive.Jobs.Streams.Http.Reading;
using KooDrive.Jobs.Streams.Tests.Http.Reading;

namespace KooDrive.Jobs.Streams.Tests.Fuzzing;

/// <summary>
/// KOODRIVE_FUZZ_SECONDS is the duration (default 2), KOODRIVE_FUZZ_SEED the first seed (default: a new seed for each run). A finding reports its seed
/// and its input; add the input to <see cref="Kept"/>.
/// </summary>
public class FuzzTests
{
    private const int LeastRounds = 1_000;

    /// <summary>Inputs at the limits of the readers, and inputs that the fuzzer has found.</summary>
    public static TheoryData<string> Kept { get; } =
    [
        """{"code":0,"data":[{"taskId":"1","status":99999999999999999999}]}""",
        """{"code":0,"data":[{"taskId":"\ud800"}]}""",
        """{"code":0,"data":[{"taskId":"1"},{"taskId":"1","taskId":"2"}]}""",
        """{"code":0,"data":[{"taskId":"1","status":"odd"},{"taskId":"2","status":"odd"},{"taskId":"3","status":1}]}""",
        """{"code":0,"data":[{"taskId":"1","status":null,"status":1},{"taskId":"2","status":null,"status":1}]}""",
        """{"code":0,"data":[{"taskId":"1","resultCode":"A1"},{"taskId":"2","resultCode":"1A"},{"taskId":"3","resultCode":"-1"}]}""",
        """{"code":0,"data":[{"taskId":"1","\ud800":1,"taskName":"\udc00"}]}""",
        "\uFEFF{\"code\":0,\"data\":[]}",
        "",
    ];

    [Fact]
    public async Task Readers_keep_their_promises_for_random_inputs()
    {
        int seed = Setting("KOODRIVE_FUZZ_SEED") ?? Random.Shared.Next();
        int seconds = Setting("KOODRIVE_FUZZ_SECONDS") ?? 2;

        int rounds = await Fuzzer.RunAsync(seed, TimeSpan.FromSeconds(seconds), LeastRounds);

        TestContext.Current.SendDiagnosticMessage($"{rounds} rounds from seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public void Readers_keep_their_promises_for_the_corpus(string input)
    {
        byte[] body = System.Text.Encoding.UTF8.GetBytes(input);
        var learning = new LearningReader(default);
        FuzzTargets.Page(System.Text.Encoding.UTF8.GetBytes(Pages.Documented), learning);
        FuzzTargets.Bounded(body.Length, () => FuzzTargets.Page(body, learning));
        FuzzTargets.Error(body);
        FuzzTargets.Checkpoint(FuzzTargets.SignedCheckpoint(body));
        FuzzTargets.ResumePointText(FuzzTargets.Signed(body));
    }

    [Fact]
    public async Task Fuzzer_finds_an_undocumented_exception_and_names_its_seed()
    {
        FuzzException finding = await Assert.ThrowsAsync<FuzzException>(() => Fuzzer.RunAsync(1, TimeSpan.Zero, LeastRounds, (body, _) => NaiveRead(body)));

        Assert.StartsWith("Seed ", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task Fuzzer_finds_an_unbounded_allocation() =>
        Assert.ThrowsAsync<FuzzException>(() => Fuzzer.RunAsync(1, TimeSpan.Zero, LeastRounds, (_, _) => GC.KeepAlive(new byte[64 * 1024 * 1024])));

    [Fact]
    public async Task Fuzzer_finds_a_hang_and_names_its_seed()
    {
        var released = new ManualResetEventSlim();

        FuzzException finding = await Assert.ThrowsAsync<FuzzException>(
            () => Fuzzer.RunAsync(7, TimeSpan.Zero, LeastRounds, (_, _) => released.Wait(CancellationToken.None), TimeSpan.FromSeconds(0.1)));

        released.Set();
        Assert.StartsWith("Seed 7 does not come to an end", finding.Message, StringComparison.Ordinal);
    }

    // Any JSON document, and nothing else, is fine for it.
    private static void NaiveRead(byte[] body) => System.Text.Json.JsonDocument.Parse(body).Dispose();

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
