namespace KooDrive.Jobs.Streams.Tests.Architecture;

/// <summary>The layers of a project: its folders, each of which uses only folders above it in the table.</summary>
/// <param name="Project">The project.</param>
/// <param name="Layers">The folders and those that they use. The project's own folder is empty text.</param>
/// <param name="Partners">Files that use each other because they are parts of one component.</param>
/// <param name="PublicNamespaces">The namespaces of public types. Other types are in the namespace of their folder.</param>
internal sealed record Layering(string Project, (string Folder, string[] Uses)[] Layers, string[][] Partners, string[] PublicNamespaces)
{
    /// <summary>Model &lt;- Errors &lt;- Http &lt;- Listing &lt;- Watching &lt;- Hosting, with Diagnostics beside them.</summary>
    public static Layering Library { get; } = new(
        "KooDrive.Jobs.Streams",
        [
            ("Model", []),
            ("Errors", []),
            ("Diagnostics", ["Model", "Errors"]),

            ("Http", ["Errors"]),
            ("Http/Reading", ["Model", "Errors", "Http"]),
            ("Http/Client", ["Model", "Errors", "Diagnostics", "Http", "Http/Reading"]),

            ("Listing/Cursor", ["Model", "Errors"]),
            ("Listing", ["Model", "Errors", "Diagnostics", "Listing/Cursor"]),

            ("Watching/Events", ["Model", "Errors"]),
            ("Watching/Tracking", ["Model", "Watching/Events"]),
            ("Watching/Checkpoints", ["Model", "Errors", "Watching/Tracking"]),
            ("Watching/Delivery", ["Model", "Watching/Events"]),
            ("Watching/Polling", ["Model", "Errors", "Diagnostics", "Listing", "Listing/Cursor", "Watching/Events", "Watching/Tracking", "Watching/Delivery"]),
            ("Watching", ["Model", "Diagnostics", "Listing", "Watching/Events", "Watching/Tracking", "Watching/Checkpoints", "Watching/Delivery", "Watching/Polling"]),

            ("", ["Model", "Diagnostics", "Http", "Http/Client", "Listing", "Listing/Cursor", "Watching/Events", "Watching"]),
            ("Hosting", ["Model", "Errors", "Diagnostics", "Http", "Http/Client", "Watching/Events", "Watching/Checkpoints", "Watching", ""]),
        ],
        [
            ["Model/Job.cs", "Model/JobJson.cs", "Model/JobJsonConverter.cs", "Model/JobValues.cs"],
            [
                "Watching/Events/JobAdded.cs", "Watching/Events/JobChange.cs", "Watching/Events/JobChanged.cs", "Watching/Events/JobEvent.cs", "Watching/Events/JobEventJson.cs",
                "Watching/Events/JobEventJsonConverter.cs", "Watching/Events/JobListed.cs", "Watching/Events/JobVanished.cs", "Watching/Events/PollCompleted.cs",
                "Watching/Events/PollFailed.cs", "Watching/Events/WatchGap.cs", "Watching/Events/WatchSynced.cs",
            ],
            ["Http/JobsClientOptions.cs", "Http/JobsClientOptionsValidator.cs"],
            ["Listing/Cursor/JobListingOptions.cs", "Listing/Cursor/JobListingOptionsValidator.cs"],
            ["Watching/Events/JobWatchOptions.cs", "Watching/Events/JobWatchOptionsValidator.cs"],
            ["Watching/Tracking/SavedJob.cs", "Watching/Tracking/TrackedJob.cs"],
            ["Listing/Cursor/ResumePoint.cs", "Listing/Cursor/ResumePointFormat.cs"],
            ["Listing/JobListing.cs", "Listing/FakeJobListing.cs"],
            ["Watching/JobWatch.cs", "Watching/FakeJobWatch.cs"],
            ["Hosting/JobWatchBuilder.cs", "Hosting/JobWatchRegistration.cs"],
            ["Hosting/JobsClientOptionsValidation.cs", "Hosting/JobsClientRegistration.cs"],
        ],
        ["KooDrive.Jobs.Streams", "Microsoft.Extensions.DependencyInjection"]);

    /// <summary>The watches of many accounts on a cluster.</summary>
    public static Layering Orleans { get; } = new(
        "KooDrive.Jobs.Streams.Orleans",
        [
            ("Abstractions", []),
            ("Diagnostics", ["Abstractions"]),
            ("Delivery", ["Abstractions", "Diagnostics"]),
            ("Budget", ["Abstractions", "Diagnostics"]),
            ("Recovery", ["Abstractions", "Diagnostics"]),
            ("Accounts", ["Abstractions", "Diagnostics", "Budget", "Recovery"]),
            ("Hosting", ["Abstractions", "Diagnostics", "Budget", "Recovery", "Accounts"]),
        ],
        [],
        ["KooDrive.Jobs.Streams", "Orleans.Hosting"]);

    /// <summary>The emulator, which does not use the library.</summary>
    public static Layering Emulator { get; } = new(
        "KooDrive.Jobs.Streams.Emulator",
        [
            ("Model", []),
            ("Store", ["Model"]),
            ("Life", ["Model", "Store"]),
            ("Responses", ["Model"]),
            ("Log", []),
            ("Faults", ["Responses", "Log"]),
            ("Api", ["Model", "Store", "Responses", "Log", "Faults"]),
            ("", ["Model", "Store", "Life", "Log", "Faults", "Api"]),
        ],
        [["Api/JobsContract.cs", "Api/Rejection.cs"]],
        ["KooDrive.Jobs.Streams.Emulator"]);

    /// <summary>The command.</summary>
    public static Layering Command { get; } = new(
        "KooDrive.Jobs.Streams.Cli",
        [
            ("Execution", []),
            ("Output", ["Execution"]),
            ("Parsing", ["Execution", "Output"]),
            ("Connections", ["Execution", "Output", "Parsing"]),
            ("Watching", ["Execution", "Output", "Connections"]),
            ("Dashboard", ["Output", "Connections"]),
            ("Help", ["Execution", "Output", "Connections"]),
            ("Commands", ["Execution", "Output", "Parsing", "Connections", "Watching", "Dashboard", "Help"]),
            ("", ["Execution", "Parsing", "Commands", "Help"]),
        ],
        [
            ["Output/CsvJobWriter.cs", "Output/JobWriter.cs", "Output/JsonJobWriter.cs", "Output/NdjsonJobWriter.cs", "Output/TableJobWriter.cs"],
            ["Watching/EventWriter.cs", "Watching/LiveEventWriter.cs", "Watching/NdjsonEventWriter.cs", "Watching/TextEventWriter.cs"],
        ],
        []);

    public override string ToString() => Project;
}
