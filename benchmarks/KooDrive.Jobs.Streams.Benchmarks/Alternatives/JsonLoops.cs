using System.Net.Http.Json;
using System.Text.Json;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>Loops that use only the framework.</summary>
internal static class JsonLoops
{
    public static Task<Tally> GetFromJsonAsync(HttpClient client) =>
        KooDriveRequests.ReadAllAsync(offset => client.GetFromJsonAsync<WireResponse>(KooDriveRequests.Address(offset)));

    public static Task<Tally> SourceGenerated(HttpClient client) => KooDriveRequests.ReadAllAsync(async offset =>
    {
        using HttpResponseMessage response = await client.GetAsync(KooDriveRequests.Address(offset), HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using Stream body = await response.Content.ReadAsStreamAsync();
        return await JsonSerializer.DeserializeAsync(body, WireContext.Default.WireResponse);
    });
}
