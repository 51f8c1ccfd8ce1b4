using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Spark.Engine;

/// <summary>A response of server-sent events, each of them <c>data: {json}</c>, written straight into the connection's buffer; the last is <c>data: [DONE]</c>.</summary>
internal sealed class EventStream : IDisposable
{
    public static readonly JsonWriterOptions JsonFormat = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    readonly HttpResponse response;
    readonly Utf8JsonWriter json;
    readonly SemaphoreSlim turns = new(1);

    EventStream(HttpResponse response) => (this.response, json) = (response, new(response.BodyWriter, JsonFormat));

    /// <summary>Sends the head at once, then what <paramref name="write"/> has to say, and in the end that it is the end; an error after the head becomes an event.</summary>
    public static async Task RunAsync(HttpContext http, Func<EventStream, Task> write)
    {
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        // Whether or not the client is still there: only a request that the engine has heard of can let go of what another engine holds for it.
        await http.Response.StartAsync(CancellationToken.None);
        await http.Response.BodyWriter.FlushAsync(CancellationToken.None);
        using var events = new EventStream(http.Response);
        try
        {
            await write(events);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            (e is OperationCanceledException ? ApiException.ShuttingDown() : ApiException.From(e)).Write(events.Begin());
            events.End();
        }
        http.Response.BodyWriter.Write("data: [DONE]\n\n"u8);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    /// <summary>Waits until no other choice is writing; disposing of the turn lets the next one write.</summary>
    public async ValueTask<Turn> TurnAsync(CancellationToken cancellation)
    {
        await turns.WaitAsync(cancellation);
        return new(turns);
    }

    /// <summary>Begins an event; the caller writes one JSON value.</summary>
    public Utf8JsonWriter Begin()
    {
        response.BodyWriter.Write("data: "u8);
        json.Reset(response.BodyWriter);
        return json;
    }

    public void End()
    {
        json.Flush();
        response.BodyWriter.Write("\n\n"u8);
    }

    public async ValueTask FlushAsync(CancellationToken cancellation) => await response.BodyWriter.FlushAsync(cancellation);

    public void Dispose()
    {
        json.Dispose();
        turns.Dispose();
    }

    public readonly struct Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
