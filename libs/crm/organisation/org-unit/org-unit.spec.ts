import { test } from '@jest/globals';
import { fc } from '../../../../test/draws.js';
import { laws } from '../../../../test/properties.js';
import { spec } from '../../../../test/spec.js';
import { CloseUnit, CreateUnit, MoveUnit } from './org-unit.commands.js';
import type { OrgUnitFacts } from './org-unit.decider.js';
import { orgUnit } from './org-unit.decider.js';
import type { OrgUnitEvent } from './org-unit.events.js';

const unitId = '00170000-0000-4000-8000-000000000001';
const east = '00170000-0000-4000-8000-000000000002';
const west = '00170000-0000-4000-8000-000000000003';

const created: OrgUnitEvent = { type: 'UnitCreated', data: { unitId, name: '华东大客户部', parentId: east } };
const closed: OrgUnitEvent = { type: 'UnitClosed', data: { unitId } };

const nothingAbove: OrgUnitFacts = { unitsAbove: [] };
const { given } = spec(orgUnit, nothingAbove);

test('a unit is created under another', () =>
  given()
    .when(CreateUnit.of({ unitId, name: '华东大客户部', parentId: east }))
    .then(created));
test('a unit is created once', () =>
  given(created)
    .when(CreateUnit.of({ unitId, name: '华东大客户部' }))
    .thenRefused('UNIT_ALREADY_CREATED'));
test('a unit does not stand under itself', () =>
  given()
    .when(CreateUnit.of({ unitId, name: '总部', parentId: unitId }))
    .thenRefused('UNIT_UNDER_ITSELF'));

test('a unit moves under another one', () =>
  given(created)
    .when(MoveUnit.of({ unitId, parentId: west }))
    .then({ type: 'UnitMoved', data: { unitId, from: east, to: west } }));
test('a unit can come to stand at the top', () =>
  given(created)
    .when(MoveUnit.of({ unitId }))
    .then({ type: 'UnitMoved', data: { unitId, from: east } }));
test('a unit that stands there already does not move', () =>
  given(created)
    .when(MoveUnit.of({ unitId, parentId: east }))
    .thenNothing());
test('a unit does not move under one of its own', () =>
  given(created)
    .when(MoveUnit.of({ unitId, parentId: west }), { facts: { unitsAbove: [west, unitId] } })
    .thenRefused('UNIT_UNDER_ITSELF', { parentId: west }));
test('a closed unit does not move', () =>
  given(created, closed)
    .when(MoveUnit.of({ unitId, parentId: west }))
    .thenRefused('UNIT_CLOSED'));
test('an unknown unit does not move', () => given().when(MoveUnit.of({ unitId })).thenRefused('UNIT_UNKNOWN'));

test('a unit can be closed', () => given(created).when(CloseUnit.of({ unitId })).then(closed));
test('a unit is closed once', () => given(created, closed).when(CloseUnit.of({ unitId })).thenNothing());
test('an unknown unit cannot be closed', () => given().when(CloseUnit.of({ unitId })).thenRefused('UNIT_UNKNOWN'));

const parentId = fc.constantFrom(east, west, undefined);
laws(
  orgUnit,
  fc.oneof(
    parentId.map((id) => CreateUnit.of({ unitId, name: '华东大客户部', parentId: id })),
    parentId.map((id) => MoveUnit.of({ unitId, parentId: id })),
    fc.constant(CloseUnit.of({ unitId })),
  ),
  nothingAbove,
);
