using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>The source-generated metadata with which System.Text.Json converts jobs, pages and events without reflection.</summary>
/// <remarks>
/// Required by trimmed and ahead-of-time compiled applications. Serialization with reflection has the same JSON. The encoder of the options escapes text; with
/// <see cref="System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping"/>, which ASP.NET Core uses for responses, the JSON equals that of the command
/// and of Server-Sent Events. Thread-safe.
/// </remarks>
/// <example>
/// <code>
/// string line = JsonSerializer.Serialize(job, JobsJsonContext.Default.Job);
/// builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, JobsJsonContext.Default));
/// </code>
/// </example>
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(Job[]))]
[JsonSerializable(typeof(IReadOnlyList<Job>))]
[JsonSerializable(typeof(IAsyncEnumerable<Job>))]
[JsonSerializable(typeof(JobListing))]
[JsonSerializable(typeof(JobPage))]
[JsonSerializable(typeof(JobEvent))]
[JsonSerializable(typeof(JobListed))]
[JsonSerializable(typeof(WatchSynced))]
[JsonSerializable(typeof(JobChange))]
[JsonSerializable(typeof(JobAdded))]
[JsonSerializable(typeof(JobChanged))]
[JsonSerializable(typeof(JobVanished))]
[JsonSerializable(typeof(WatchGap))]
[JsonSerializable(typeof(PollFailed))]
[JsonSerializable(typeof(PollCompleted))]
public sealed partial class JobsJsonContext : JsonSerializerContext;
