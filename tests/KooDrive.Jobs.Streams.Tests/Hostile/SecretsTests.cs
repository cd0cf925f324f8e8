using System.Collections;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Reflection;
using System.Text;
using System.Text.Json;
using KooDrive.Jobs.Streams.Emulator;
using KooDrive.Jobs.Streams.Errors;
using KooDrive.Jobs.Streams.Http.Client;
using KooDrive.Jobs.Streams.Tests.Cli;
using KooDrive.Jobs.Streams.Tests.Diagnostics;
using KooDrive.Jobs.Streams.Tests.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KooDrive.Jobs.Streams.Tests.Hostile;

/// <summary>Searches all output of the library, at the most verbose level, for secrets.</summary>
public class SecretsTests
{
    private const string Secret = "tell-nobody-5f2b";

    public static TheoryData<string> Credentials => ["a token", "a provider", "a provider that fails", "an app"];

    [Theory]
    [MemberData(nameof(Credentials))]
    public async Task Secrets_are_in_no_log_exception_trace_metric_text_or_checkpoint(string kind)
    {
        var found = new StringBuilder();
        string echo = $$"""{"code":"{{Secret}}","msg":"{{new string('.', 500)}} {{Secret}} is not welcome"}""";
        string[] broken = ["500", "401", "a reset", "200 with HTML", "a redirect to another host"];

        // The secret of an app is never sent, so that no server can send it back.
        string[] echoing = kind == "an app" ? [] : ["403 Forbidden", "200 OK", $"500 Oops\r\nX-Request-Id: {Secret}", $"{Secret} is no status"];
        HostileResponse[] responses =
        [
            .. broken.Select(name => HostileResponse.Broken[name]),
            .. echoing.Select(status => HostileResponse.Status(status, echo, typeof(JobsException), isTransient: false, "")),
        ];
        using var spans = new SpanRecorder();
        using var everySpan = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == spans.Root.TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span => Write(found, span),
        };
        ActivitySource.AddActivityListener(everySpan);
        using var metrics = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        metrics.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Write(found, instrument.Name, tags));
        metrics.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Write(found, instrument.Name, tags));
        metrics.Start();
        CancellationTokenSource? afterFailure = null;
        using var log = new RecordingLogger { OnLog = CancelAfter };
        string checkpoint = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            foreach (HostileResponse response in responses)
            {
                await using var list = new HostileList { Response = response, Hits = number => number > 3 };
                using JobsClient client = list.Client(
                    options => options.MaxRetries = 1,
                    log: log,
                    credential: Create(kind));
                await FailAsync(found, async () => await client.ListJobs(options: new() { PageSize = 10 }).CountAsync(TestClients.Cancellation));
                list.Hits = _ => false;
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestClients.Cancellation);
                stop.CancelAfter(TimeSpan.FromMinutes(1));
                afterFailure = stop;
                await using JobWatch watch = client.WatchJobs(new() { PollInterval = TimeSpan.FromSeconds(0.1) });
                await FailAsync(found, () => watch.ProcessAsync(
                    (next, _) =>
                    {
                        Write(found, next.ToString());

                        // After the first poll, whose checkpoint is saved when its events are processed, the second poll fails.
                        list.Hits = _ => true;
                        return ValueTask.CompletedTask;
                    },
                    new FileJobCheckpointStore(checkpoint),
                    stop.Token));
                afterFailure = null;
                Write(found, client.ToString(), watch.ToString(), watch.Health.ToString(), client.ListJobs().ToString());
            }

            if (kind != "a provider that fails")
            {
                Write(found, await File.ReadAllTextAsync(checkpoint, TestClients.Cancellation));
            }
        }
        finally
        {
            File.Delete(checkpoint);
        }

        Write(found, [.. log.Entries.Select(entry => entry.Message)]);
        Write(found, [.. log.Exceptions.Select(exception => exception.ToString())]);
        string text;
        lock (found)
        {
            text = found.ToString();
        }

        // The searched text contains the output.
        Assert.Contains("koodrive.jobs.page.duration", text, StringComparison.Ordinal);
        Assert.Contains("koodrive.jobs.page ", text, StringComparison.Ordinal);
        Assert.Contains("JobsAuthenticationException", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)), text, StringComparison.Ordinal);

        // A failed poll is not an event for the processor of changes; it is logged.
        void CancelAfter(int eventId)
        {
            if (eventId == 101)
            {
                afterFailure?.Cancel();
            }
        }
    }

    [Fact]
    public async Task ToString_of_no_public_type_shows_a_secret()
    {
        JobsClientOptions options = TestClients.Options();
        using JobsClient client = TestClients.Create(credential: Create("a token"));
        await using JobWatch watch = client.WatchJobs();
        var services = new ServiceCollection();
        object[] holders =
        [
            options, client, watch, client.ListJobs(), Create("a token"), Create("a provider"), Create("an app"),
            services.AddKooDriveJobWatch(_ => { }),
        ];

        Assert.All(holders, holder => Assert.DoesNotContain(Secret, holder.ToString(), StringComparison.Ordinal));

        // Types that are not in this list have no reference to a credential.
        Type[] shown = [.. holders.Select(holder => holder.GetType())];
        Assert.Empty(typeof(JobsClient).Assembly.GetExportedTypes()
            .Where(type => type is { IsInterface: false, IsAbstract: false } && !shown.Any(type.IsAssignableFrom) && LeadsToACredential(type, [])));
        Assert.True(LeadsToACredential(typeof(JobsClient), []) && !LeadsToACredential(typeof(JobsClientOptions), []));
    }

    [Theory]
    [MemberData(nameof(Credentials))]
    public void Dumps_of_credentials_and_clients_show_no_secret(string kind)
    {
        JobsCredential credential = Create(kind);
        using JobsClient client = TestClients.Create(credential: credential);

        Assert.DoesNotContain(Secret, JsonSerializer.Serialize<object>(credential), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, JsonSerializer.Serialize(client), StringComparison.Ordinal);
        string dump = Dump(new { Options = TestClients.Options(), Credential = credential, Client = client }, depth: 6);
        Assert.Contains("AuthorizationPrefix=Bearer+", dump, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, dump, StringComparison.Ordinal);
        Assert.Empty(typeof(JobsCredential).Assembly.GetExportedTypes()
            .Where(type => type.IsAssignableTo(typeof(JobsCredential)))
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)));
    }

    [Fact]
    public void GetDebugView_shows_nothing_that_the_library_added()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["KooDrive:Endpoint"] = "https://drive.example", ["KooDrive:UserId"] = "1" })
            .Build();
        var services = new ServiceCollection();
        services.AddSingleton<JobsCredential>(Create("a token"));
        services.AddKooDriveJobs(configuration.GetSection("KooDrive"));
        using ServiceProvider provider = services.BuildServiceProvider();

        JobsClientOptions bound = provider.GetRequiredService<IOptionsMonitor<JobsClientOptions>>().CurrentValue;
        _ = provider.GetRequiredService<JobsClient>();

        Assert.Contains("drive.example", configuration.GetDebugView(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, configuration.GetDebugView() + JsonSerializer.Serialize(bound) + Dump(bound, 6), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("watch")]
    [InlineData("wait 1")]
    public async Task Command_shows_no_token_with_verbose_and_trims_the_token_file(string command)
    {
        await using JobsEmulator emulator = await JobsEmulator.StartAsync(new() { SampleJobCount = 3 }, cancellationToken: TestClients.Cancellation);
        Dictionary<string, string> variables = KooJobs.ConnectionTo(emulator);
        variables.Remove("KOODRIVE_TOKEN");
        using var token = new TemporaryFile($" \t{Secret}\r\n\n");
        var rejected = new KooJobs { Variables = variables };

        Assert.NotEqual(0, await rejected.RunAsync([.. command.Split(' '), "--verbose", "--token-file", token.Path]));
        Assert.Contains("rejected", rejected.ErrorText, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, rejected.ErrorText + rejected.OutputText, StringComparison.Ordinal);
        Assert.Contains(emulator.Requests.Snapshot(), request => request.StatusCode == 401);

        emulator.Credentials.ReplaceTokens(Secret);
        var accepted = new KooJobs { Variables = variables };
        Assert.Equal(0, await accepted.RunAsync("list", "--verbose", "--token-file", token.Path));
        Assert.DoesNotContain(Secret, accepted.ErrorText + accepted.OutputText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("", true)]
    [InlineData("", false)]
    public async Task Proxy_passwords_are_in_no_log_exception_trace_or_event(string rejection, bool isOwn)
    {
        const string Password = $"@ /'{Secret}";
        var found = new StringBuilder();
        using var spans = new SpanRecorder();
        using var everySpan = new ActivityListener
        {
            // The spans of a caller's HttpClient are not the library's: it shows its own proxy in them.
            ShouldListenTo = source => isOwn || source.Name == JobsDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == spans.Root.TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span => Write(found, span),
        };
        ActivitySource.AddActivityListener(everySpan);
        using var log = new RecordingLogger();
        await using var proxy = new SocketServer(connection => connection.SendAsync(rejection));
        var system = new WebProxy(new UriBuilder(proxy.Endpoint) { UserName = "alice", Password = Uri.EscapeDataString(Password) }.Uri)
        {
            Credentials = new NetworkCredential("alice", Password),
        };
        SocketsHttpHandler handler = isOwn
            ? ConnectionPool.CreateHandler(TimeSpan.FromMinutes(2), () => system)
            : new SocketsHttpHandler { Proxy = system };
        using JobsClient client = isOwn
            ? TestClients.Owning(handler, Retry, loggerFactory: log)
            : TestClients.Around(handler, Retry, loggerFactory: log);
        void Retry(JobsClientOptions options) => (options.RetryDelay, options.MaxRetries) = (TimeSpan.Zero, 1);

        await FailAsync(found, async () => await client.ListJobs().CountAsync(TestClients.Cancellation));
        await using (JobWatch watch = client.WatchJobs())
        {
            var failed = await watch.Events.OfType<PollFailed>().FirstAsync().ToTask(TestClients.Cancellation);
            Write(found, JsonSerializer.Serialize(failed, JobsJsonContext.Default.PollFailed), failed.ToString(), failed.Exception.ToString());
        }

        Write(found, [.. log.Entries.Select(entry => entry.Message)]);
        Write(found, [.. log.Exceptions.Select(exception => exception.ToString())]);
        Assert.NotEmpty(proxy.Requests);
        Assert.StartsWith("CONNECT drive.example:443", proxy.Requests[0], StringComparison.Ordinal);
        string text;
        lock (found)
        {
            text = found.ToString();
        }

        Assert.Contains(rejection.Length > 0 ? $"status code '{rejection.Substring(9, 3)}'" : "JobsConnectionException", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"alice:{Password}")), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_sends_the_proxy_password_and_does_not_show_it()
    {
        await using var proxy = new SocketServer(connection => connection.SendAsync(
            "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        string address = new UriBuilder(proxy.Endpoint) { UserName = "alice", Password = Secret }.Uri.AbsoluteUri;
        using var command = new KooJobsProcess(
            new()
            {
                ["KOODRIVE_ENDPOINT"] = "https://drive.example",
                ["KOODRIVE_USER_ID"] = "1",
                ["KOODRIVE_TOKEN"] = "t",
                ["HTTPS_PROXY"] = address,
                ["https_proxy"] = address,
                ["NO_PROXY"] = "",
                ["no_proxy"] = "",
            },
            "list",
            "--verbose");

        Task<string> output = command.Output.ReadToEndAsync(TestClients.Cancellation), error = command.Error.ReadToEndAsync(TestClients.Cancellation);
        Assert.Equal(1, await command.WaitForExitAsync());

        Assert.Contains("status code '407'", await error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, await error + await output, StringComparison.Ordinal);
        string credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"alice:{Secret}"));
        Assert.Contains(proxy.Requests, request => request.Contains($"Proxy-Authorization: Basic {credentials}", StringComparison.Ordinal));
        Assert.DoesNotContain(credentials, await error + await output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the proxy 'http://alice:p@ /'w@127.0.0.1:1/' failed", "the proxy 'http://***@127.0.0.1:1/' failed")]
    [InlineData("http://a:b@c and https://d:e@f", "http://***@c and https://***@f")]
    [InlineData("http://a and b@c", "http://***@c")]
    [InlineData("mail a@b or http://c", "mail a@b or http://c")]
    [InlineData("nothing", "nothing")]
    public void WithoutUserInfo_hides_too_much_when_in_doubt(string text, string safe)
    {
        Assert.Equal(safe, SafeText.WithoutUserInfo(text));
        Assert.Equal(text != safe, SafeText.ShowsUserInfo(text));
        Assert.False(SafeText.ShowsUserInfo(safe));
    }

    private static bool LeadsToACredential(Type type, HashSet<Type> seen) =>
        type.IsAssignableTo(typeof(JobsCredential)) || type.IsAssignableTo(typeof(RequestAuthorization))
        || (type.Assembly == typeof(JobsClient).Assembly && seen.Add(type) && Fields(type).Any(field => LeadsToACredential(field, seen)));

    private static IEnumerable<Type> Fields(Type? type) => type is null
        ? []
        : type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .SelectMany(field => field.FieldType.GetGenericArguments().Append(field.FieldType))
            .Concat(Fields(type.BaseType));

    private static JobsCredential Create(string kind) => kind switch
    {
        "a token" => new AccessTokenCredential(Secret),
        "a provider" => new AccessTokenCredential(_ => ValueTask.FromResult(Secret)),
        "a provider that fails" => new AccessTokenCredential(_ => throw new InvalidOperationException("no vault")),
        _ => new AppCredential("app", Secret),
    };

    private static async Task FailAsync(StringBuilder found, Func<Task> act)
    {
        Exception? failure = await Record.ExceptionAsync(act);
        Assert.NotNull(failure);
        for (Exception? inner = failure; inner is not null; inner = inner.InnerException)
        {
            Write(found, inner.ToString(), inner.Message, Dump(inner, depth: 2));
        }
    }

    private static void Write(StringBuilder found, params ReadOnlySpan<string?> texts)
    {
        lock (found)
        {
            foreach (string? text in texts)
            {
                found.AppendLine(text);
            }
        }
    }

    private static void Write(StringBuilder found, Activity span) => Write(
        found,
        $"{span.OperationName} {span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Baggage)} "
        + string.Join(' ', span.Events.Select(happened => $"{happened.Name} {string.Join(' ', happened.Tags)}")));

    private static void Write(StringBuilder found, string instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Write(found, $"{instrument} {string.Join(' ', tags.ToArray())}");

    /// <summary>Returns every public member, recursively, as a tool that prints objects shows them.</summary>
    private static string Dump(object? value, int depth)
    {
        if (value is null || depth == 0 || value is string || value.GetType().IsPrimitive || value is MemberInfo or Delegate)
        {
            return $"{value}";
        }

        var text = new StringBuilder($"{value} {{");
        foreach (PropertyInfo property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0))
        {
            object? member = null;
            try
            {
                member = property.GetValue(value);
            }
            catch (TargetInvocationException)
            {
                // A property that cannot be read, such as the host of a relative address.
            }

            text.Append(property.Name).Append('=').Append(Dump(member, depth - 1)).Append(' ');
        }

        foreach (FieldInfo field in value.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            text.Append(field.Name).Append('=').Append(Dump(field.GetValue(value), depth - 1)).Append(' ');
        }

        if (value is IEnumerable members)
        {
            foreach (object? member in members)
            {
                text.Append(Dump(member, depth - 1)).Append(' ');
            }
        }

        return text.Append('}').ToString();
    }
}
