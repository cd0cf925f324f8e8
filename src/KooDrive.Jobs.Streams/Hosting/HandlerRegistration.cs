namespace KooDrive.Jobs.Streams.Hosting;

/// <summary>A handler of a watch: how to get it from a scope.</summary>
/// <param name="ServiceKey">The watch's service key; null for the application's only one.</param>
/// <param name="Type">The handler's type.</param>
/// <param name="Create">Gets it.</param>
internal sealed record HandlerRegistration(string? ServiceKey, Type Type, Func<IServiceProvider, IJobChangeHandler> Create);
