using System.Text.Json;
using System.Text.Json.Serialization;

namespace KooDrive.Jobs.Streams.Benchmarks;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WireResponse))]
internal sealed partial class WireContext : JsonSerializerContext;
