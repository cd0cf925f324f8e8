using System.Collections.Specialized;
using System.Globalization;
using System.Net;
using System.Text;
using System.Web;

namespace KooDrive.Jobs.Streams.Tests.Load;

/// <summary>A server in memory with a list of any length, whose pages are written on request.</summary>
internal sealed class EndlessPages(int count) : HttpMessageHandler
{
    private const long NewestId = 1_320_279_189_273_965_056;

    private static readonly DateTime Newest = new(2023, 12, 27, 15, 19, 4, DateTimeKind.Utc);

    public int Requests { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        NameValueCollection query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
        int offset = int.Parse(query["offset"]!, CultureInfo.InvariantCulture);
        int end = Math.Min(count, offset + int.Parse(query["limit"]!, CultureInfo.InvariantCulture));
        var body = new StringBuilder("""{"code":0,"msg":"OK","data":[""");
        for (int position = offset; position < end; position++)
        {
            body.Append(position == offset ? "" : ",").Append(
                CultureInfo.InvariantCulture,
                $$"""{"taskId":"{{NewestId - position}}","taskType":2,"actionType":201,"status":2,"taskResultCode":1,"createTime":"{{Newest.AddSeconds(-position):yyyyMMddHHmmss}}"}""");
        }

        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            RequestMessage = request,
            Content = new StringContent(body.Append("]}").ToString(), Encoding.UTF8, "application/json"),
        });
    }
}
