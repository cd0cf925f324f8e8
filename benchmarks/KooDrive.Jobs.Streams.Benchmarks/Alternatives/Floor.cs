using System.Buffers;

namespace KooDrive.Jobs.Streams.Benchmarks;

/// <summary>The floor: the bytes of the same pages, read with HttpClient and discarded.</summary>
internal static class Floor
{
    /// <summary>Reads pages until a page has no jobs, which is detected by its length.</summary>
    public static async Task<long> FetchAllAsync(HttpClient client)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        long bytes = 0;
        for (long offset = 0; ; offset += KooDriveRequests.PageSize)
        {
            using HttpResponseMessage response = await client.GetAsync(KooDriveRequests.Address(offset), HttpCompletionOption.ResponseHeadersRead);
            response.EnsureSuccessStatusCode();
            await using Stream body = await response.Content.ReadAsStreamAsync();
            long before = bytes;
            while (await body.ReadAsync(buffer) is > 0 and var read)
            {
                bytes += read;
            }

            if (bytes - before < 100)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return bytes;
            }
        }
    }
}
