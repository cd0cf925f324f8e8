using System.Reflection;
using KooDrive.Jobs.Streams.Http;

namespace KooDrive.Jobs.Streams.Tests.Http;

public class JobsClientOptionsTests
{
    [Fact]
    public void Constructor_reports_all_errors_together()
    {
        var options = new JobsClientOptions
        {
            Endpoint = new Uri("http://user:hidden@drive.example/p?q=1#f"),
            UserId = "1\r\nX-Smuggled: 1",
            AuthorizationPrefix = "Bearer\n",
            Language = "",
            TimestampOffset = TimeSpan.FromHours(15),
            MaxResponseBytes = 10,
            MaxRetries = 11,
            RetryBudget = 0,
            RetryDelay = TimeSpan.FromSeconds(61),
            MaxRetryDelay = TimeSpan.FromSeconds(-1),
            AttemptTimeout = TimeSpan.FromSeconds(20),
            RequestTimeout = TimeSpan.FromSeconds(10.5),
            ConnectionLifetime = TimeSpan.Zero,
        };

        JobsOptionsException rejected = Assert.Throws<JobsOptionsException>(() => new JobsClient(options, TestClients.Credential));

        Assert.Equal("options", rejected.ParamName);
        Assert.Equal(
            [
                "Endpoint contains a user name or password:", "Endpoint contains a query or a fragment:", "UserId is not valid:", "AuthorizationPrefix is not valid:",
                "Language is not valid:", "TimestampOffset is 15:00:00:", "MaxResponseBytes is 10:", "MaxRetries is 11:", "RetryBudget is 0:", "RetryDelay is 61 s:",
                "MaxRetryDelay is -1 s:", "ConnectionLifetime is 0 s:", "AttemptTimeout is 20 s:",
            ],
            rejected.Failures.Where(failure => !failure.Contains("plain http", StringComparison.Ordinal)).Select(failure => failure[..(failure.IndexOf(": ", StringComparison.Ordinal) + 1)]));
        Assert.Equal(14, rejected.Failures.Count);
        Assert.All(rejected.Failures, failure => Assert.Contains(failure, rejected.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("hidden", rejected.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Smuggled", rejected.Message, StringComparison.Ordinal);
        Assert.Contains("AttemptTimeout is 20 s: it must be at most 10.5 s (RequestTimeout)", rejected.Message, StringComparison.Ordinal);
        Assert.Contains("MaxRetryDelay is -1 s: it must be 0 s to 600 s.", rejected.Failures);
    }

    [Fact]
    public void Constructor_reports_missing_required_options()
    {
        JobsOptionsException rejected = Assert.Throws<JobsOptionsException>(() => new JobsClient(new JobsClientOptions(), TestClients.Credential));

        Assert.Collection(
            rejected.Failures,
            failure => Assert.StartsWith("Endpoint is missing", failure, StringComparison.Ordinal),
            failure => Assert.StartsWith("UserId is missing", failure, StringComparison.Ordinal));
    }

    [Fact]
    public void Constructor_rejects_null_arguments_and_services()
    {
        Assert.Throws<ArgumentNullException>("options", () => new JobsClient(null!, TestClients.Credential));
        Assert.Throws<ArgumentNullException>("credential", () => new JobsClient(TestClients.Options(), null!));
        Assert.Throws<ArgumentNullException>("options", () => new JobsClientOptions(null!));
        Assert.Throws<ArgumentNullException>(() => new JobsClientServices { TimeProvider = null! });
        Assert.Throws<ArgumentNullException>(() => new JobsClientServices { LoggerFactory = null! });
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000", false)]
    [InlineData("http://localhost:5000/", false)]
    [InlineData("http://[::1]:5000", false)]
    [InlineData("http://drive.example", true)]
    [InlineData("https://drive.example/path", false)]
    public void Constructor_accepts_safe_and_allowed_endpoints(string endpoint, bool allowHttp)
    {
        using JobsClient client = TestClients.Create(options => (options.Endpoint, options.AllowHttp) = (new Uri(endpoint), allowHttp));
    }

    [Theory]
    [InlineData("http://drive.example")]
    [InlineData("http://127.0.0.1.drive.example")]
    [InlineData("ftp://drive.example")]
    [InlineData("file:///etc")]
    [InlineData("https://u@drive.example")]
    [InlineData("https://drive.example?x")]
    [InlineData("https://drive.example#x")]
    public void Constructor_rejects_invalid_endpoints(string endpoint) =>
        Assert.Single(Assert.Throws<JobsOptionsException>(() => TestClients.Create(options => options.Endpoint = new Uri(endpoint))).Failures);

    [Fact]
    public void Constructor_rejects_a_relative_endpoint() =>
        Assert.Throws<JobsOptionsException>(() => TestClients.Create(options => options.Endpoint = new Uri("/jobs", UriKind.Relative)));

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\tb")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("é")]
    public void Constructor_rejects_invalid_header_values(string value)
    {
        Assert.Throws<JobsOptionsException>(() => TestClients.Create(options => options.UserId = value));
        Assert.Throws<JobsOptionsException>(() => TestClients.Create(options => options.Language = value));
    }

    [Fact]
    public void Constructor_accepts_the_limits_themselves()
    {
        using JobsClient withMinimums = TestClients.Create(options =>
        {
            options.TimestampOffset = TimeSpan.FromHours(-14);
            options.MaxResponseBytes = 1024;
            options.MaxRetries = 0;
            options.RetryBudget = 1;
            options.RetryDelay = options.MaxRetryDelay = TimeSpan.Zero;
            options.AttemptTimeout = options.RequestTimeout = TimeSpan.FromSeconds(0.1);
            options.ConnectionLifetime = TimeSpan.FromSeconds(1);
            options.AuthorizationPrefix = "";
        });
        using JobsClient withMaximums = TestClients.Create(options =>
        {
            options.TimestampOffset = TimeSpan.FromHours(14);
            options.MaxResponseBytes = 1 << 30;
            options.MaxRetries = 10;
            options.RetryBudget = 10_000;
            options.RetryDelay = TimeSpan.FromMinutes(1);
            options.MaxRetryDelay = options.AttemptTimeout = TimeSpan.FromMinutes(10);
            options.RequestTimeout = TimeSpan.FromHours(1);
            options.ConnectionLifetime = TimeSpan.FromDays(1);
        });
    }

    [Fact]
    public void Constructor_is_safe_on_several_threads_with_one_new_Uri()
    {
        // Uri.IsLoopback is wrong at times while another thread reads the same address for the first time.
        const int Rounds = 200_000;
        var rounds = new JobsClientOptions[Rounds];
        int failures = 0;
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(number => new Thread(() => Validate(number)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(0, failures);

        void Validate(int number)
        {
            for (int round = 0; round < Rounds; round++)
            {
                if (number == 0)
                {
                    Volatile.Write(ref rounds[round], TestClients.Options(options => options.Endpoint = new Uri("http://127.0.0.1:5000")));
                }

                JobsClientOptions? shared;
                while ((shared = Volatile.Read(ref rounds[round])) is null)
                {
                    Thread.SpinWait(1);
                }

                if (JobsClientOptionsValidator.Check(shared).Failures.Count > 0)
                {
                    Interlocked.Increment(ref failures);
                }
            }
        }
    }

    [Fact]
    public void Constructor_states_the_limits_of_each_option()
    {
        (Action<JobsClientOptions> Change, string Failure)[] cases =
        [
            (options => options.Endpoint = new Uri("drive.example", UriKind.Relative), "Endpoint is not an absolute https address: set the base address of the service, such as https://intl.myhuaweicloud-koodrive.com."),
            (options => options.Endpoint = new Uri("http://drive.example"), "Endpoint is plain http to drive.example, which exposes the credential: use https, or set AllowHttp."),
            (options => options.MaxResponseBytes = 1023, "MaxResponseBytes is 1,023: it must be 1,024 to 1,073,741,824 bytes."),
            (options => options.MaxRequestsPerSecond = 0.001, "MaxRequestsPerSecond is 0.001: it must be 0.01 to 100,000 requests per second."),
            (options => options.MaxRetries = -1, "MaxRetries is -1: it must be 0 to 10 retries."),
            (options => options.RetryBudget = 10_001, "RetryBudget is 10,001: it must be 1 to 10,000 retries."),
            (options => options.RetryDelay = TimeSpan.FromSeconds(-1), "RetryDelay is -1 s: it must be 0 s to 60 s."),
            (options => options.MaxRetryDelay = TimeSpan.FromHours(1), "MaxRetryDelay is 3,600 s: it must be 0 s to 600 s."),
            (options => options.AttemptTimeout = TimeSpan.Zero, "AttemptTimeout is 0 s: it must be 0.1 s to 600 s."),
            (options => options.RequestTimeout = TimeSpan.FromHours(2), "RequestTimeout is 7,200 s: it must be 0.1 s to 3,600 s."),
            (options => options.ConnectionLifetime = TimeSpan.FromDays(2), "ConnectionLifetime is 172,800 s: it must be 1 s to 86,400 s."),
        ];

        Assert.All(cases, item =>
        {
            JobsClientOptions options = TestClients.Options();
            item.Change(options);

            JobsOptionsException rejected = Assert.Throws<JobsOptionsException>(() => new JobsClient(options, TestClients.Credential));

            Assert.Equal([item.Failure], rejected.Failures);
        });
    }

    [Fact]
    public void Copy_has_the_value_of_every_option()
    {
        var options = new JobsClientOptions();
        foreach (PropertyInfo option in typeof(JobsClientOptions).GetProperties())
        {
            option.SetValue(options, Other(option.GetValue(options), option.PropertyType));
        }

        var copy = new JobsClientOptions(options);

        var defaults = new JobsClientOptions();
        Assert.All(typeof(JobsClientOptions).GetProperties(), option =>
        {
            Assert.NotEqual(option.GetValue(defaults), option.GetValue(copy));
            Assert.Equal(option.GetValue(options), option.GetValue(copy));
        });

        static object Other(object? value, Type type) => value switch
        {
            bool flag => !flag,
            int number => number + 1,
            TimeSpan duration => duration + TimeSpan.FromMinutes(1),
            _ when type == typeof(Uri) => new Uri("https://drive.example"),
            _ when type == typeof(double?) => 1.0,
            _ => $"other {value}",
        };
    }

    [Fact]
    public async Task Constructor_copies_the_options()
    {
        var handler = new StubHandler(_ => StubHandler.Page());
        JobsClientOptions options = TestClients.Options();
        using var httpClient = new HttpClient(handler);
        using var client = new JobsClient(options, TestClients.Credential, new JobsClientServices { HttpClient = httpClient });

        options.UserId = "other";
        options.Endpoint = new Uri("https://elsewhere.example");
        await client.GetAsync();

        Assert.Equal(TestClients.UserId, handler.Header(0, "X-User-Id"));
        Assert.Equal("drive.example", handler.Requests[0].RequestUri!.Host);
    }
}
