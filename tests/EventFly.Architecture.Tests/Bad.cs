#pragma warning disable CA1812, CA1822, CA1852, IDE0130, RS0030, SA1402
using System.ComponentModel.DataAnnotations;
using EventFly.BuildingBlocks;
using EventFly.BuildingBlocks.Decisions;
using EventFly.BuildingBlocks.Messaging;
using EventFly.Contracts.Events;
using EventFly.Storage.Sqlite;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

// What must not be, planted so that each rule can be seen to bite.
namespace EventFly.Architecture.Tests.Bad
{
    internal abstract record ClockEvent;

    internal sealed record ClockStruck(EventCancelled Contract) : ClockEvent;

    internal sealed record Clockwork(int Hands) : IAggregate<Clockwork, ClockEvent>
    {
        public static Clockwork Initial { get; } = new(0);

        public static Clockwork Evolve(Clockwork state, ClockEvent happened) => state;

        public Guid Strike()
        {
            var isLate = new Func<bool>(() => DateTimeOffset.UtcNow.Hour > 12);
            return isLate() && File.Exists("clock") && new Random(ClockworkHelper.Hour()).Next() > 0 ? Guid.NewGuid() : default;
        }
    }

    internal static class ClockworkHelper
    {
        public static int Hour() => TimeProvider.System.GetUtcNow().Hour;
    }

    internal static class Sabotage
    {
        public static bool Breaks(string protection) => Environment.GetEnvironmentVariable("EVENTFLY_BREAK") == protection;
    }

    internal static class UsesAContract
    {
        public static object Say() => new EventCancelled(default, default, "");
    }

    internal static class UsesAnAdapter
    {
        public static void Open(SqliteDatabase database) => database.ToString();
    }

    internal static class HiddenRequest
    {
        internal sealed record Request(string Name);
    }

    internal static class HiddenLine
    {
        public sealed record Request(IReadOnlyList<Line> Lines);

        internal sealed record Line(int Quantity);
    }

    internal static class HiddenFilter
    {
        internal sealed record Filter([property: Range(1, 9)] int Size);

        public static void Map(RouteGroupBuilder things) => Handle(new Filter(0), things);

        private static void Handle(Filter filter, RouteGroupBuilder things) => things.Equals(filter);
    }

    internal sealed record DecidingView(string Name)
    {
        public Refusal? MayEnter() => Name.Length == 0 ? Refusal.Conflict("no", "No.") : null;
    }

    internal static class Contents
    {
        public static void Add(IServiceCollection services) => services.On<string, Listener>().On<EventPublished, Listener>();
    }

    internal sealed class Listener : IHandle<string>, IHandle<EventPublished>
    {
        public Task Handle(string message, MessageContext context, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task Handle(EventPublished message, MessageContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    internal sealed class Forgotten : IHandle<EventCancelled>
    {
        public Task Handle(EventCancelled message, MessageContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

namespace EventFly.Architecture.Tests.Bad.Service.Doors
{
    internal sealed record Door(Keys.Key Key);

    internal sealed record DoorView(bool IsOpen);

    internal sealed class WhenDoorOpened;

    internal static class OpenDoor
    {
        public static void Map(RouteGroupBuilder doors) => doors.ToString();
    }
}

namespace EventFly.Architecture.Tests.Bad.Service.Keys
{
    internal sealed record Key(int Number);

    internal sealed class Ring
    {
        public object[] Open() => [new Doors.DoorView(true), new Doors.WhenDoorOpened(), new Action<RouteGroupBuilder>(Doors.OpenDoor.Map), new Doors.Door(new Key(1))];
    }
}
