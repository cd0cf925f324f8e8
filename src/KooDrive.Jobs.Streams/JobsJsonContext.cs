using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams;

/// <summary>How System.Text.Json converts jobs, pages and events without reflection, as trimmed and ahead-of-time compiled applications need.</summary>
/// <remarks>
/// Without it the serializer writes and reads the same JSON: the converters belong to the types. Text is escaped as the options say; with
/// <see cref="System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping"/>, which ASP.NET Core uses for responses, it is what the command and the
/// Server-Sent Events contain.
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
